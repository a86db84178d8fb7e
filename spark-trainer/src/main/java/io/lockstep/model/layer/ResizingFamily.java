package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/** Layers that make an image larger. */
public final class ResizingFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word(
            "zeroPadding2d",
            Section.of(ZeroPadding2d.class, "Zeros around an image.")
                .key(
                    "padding",
                    new SizeType(0, 1 << 12),
                    "1",
                    "On each side, `n` or `[top and bottom, left and right]`.")
                .shorthand("padding")
                .build())
        .word(
            "upSampling2d",
            Section.of(UpSampling2d.class, "Repeats each row and column of an image.")
                .key("size", Windowed.SIZE, "2", "How often, `n` or `[rows, columns]`.")
                .shorthand("size")
                .build());
  }

  record ZeroPadding2d(Size padding) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      Image image = FeatureShape.image(input);
      return new Image(
          image.channels(),
          image.height() + 2L * padding.height(),
          image.width() + 2L * padding.width());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.of(
          new ZeroPaddingLayer.Builder(padding.height(), padding.width())
              .name(context.name())
              .build());
    }
  }

  record UpSampling2d(Size size) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      Image image = FeatureShape.image(input);
      return new Image(
          image.channels(), image.height() * size.height(), image.width() * size.width());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.of(
          new Upsampling2D.Builder().size(size.sides()).name(context.name()).build());
    }
  }
}
