package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Layers that make one value of each window, or of each channel. */
public final class PoolingFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word("maxPooling2d", keys(Section.of(MaxPooling2d.class, "Largest value of each window.")))
        .word(
            "averagePooling2d",
            keys(
                Section.of(
                    AveragePooling2d.class,
                    "Mean of each window; the zeros of the padding do not count.")))
        .word(
            "globalMaxPooling2d",
            Section.of(GlobalMaxPooling2d.class, "Largest value of each channel.").build())
        .word(
            "globalAveragePooling2d",
            Section.of(GlobalAveragePooling2d.class, "Mean of each channel.").build());
  }

  private static <T extends Record> Section<T> keys(Section.Builder<T> section) {
    return section
        .key("pool", Windowed.SIZE, "2", "Window, `n` or `[height, width]`.")
        .optional("strides", Windowed.SIZE, "How far the window moves; as `pool` if absent.")
        .key("padding", Windowed.PADDING, "valid", "`valid` or `same`, as in conv2d.")
        .shorthand("pool")
        .build();
  }

  /** What both poolings with a window have. */
  interface Pooling extends Windowed {
    Size pool();

    Optional<Size> strides();

    PoolingType type();

    @Override
    default Size window() {
      return pool();
    }

    @Override
    default Size stride() {
      return strides().orElse(pool());
    }

    @Override
    default long channels(Image input) {
      return input.channels();
    }

    @Override
    default Optional<Layer> build(LayerContext context) {
      return Optional.of(
          new SubsamplingLayer.Builder(type())
              .kernelSize(window().sides())
              .stride(stride().sides())
              .convolutionMode(padding().mode())
              .name(context.name())
              .build());
    }
  }

  /** What both poolings of whole channels have. */
  interface Whole extends GlobalPooling {
    @Override
    default long kept(FeatureShape input) {
      return FeatureShape.image(input).channels();
    }
  }

  record MaxPooling2d(Size pool, Optional<Size> strides, Padding padding) implements Pooling {
    @Override
    public PoolingType type() {
      return PoolingType.MAX;
    }
  }

  record AveragePooling2d(Size pool, Optional<Size> strides, Padding padding) implements Pooling {
    @Override
    public PoolingType type() {
      return PoolingType.AVG;
    }
  }

  record GlobalMaxPooling2d() implements Whole {
    @Override
    public PoolingType type() {
      return PoolingType.MAX;
    }
  }

  record GlobalAveragePooling2d() implements Whole {
    @Override
    public PoolingType type() {
      return PoolingType.AVG;
    }
  }
}
