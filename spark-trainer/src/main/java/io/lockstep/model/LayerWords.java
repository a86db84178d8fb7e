package io.lockstep.model;

import io.lockstep.model.FeatureShape.Image;
import io.lockstep.model.FeatureShape.Row;
import io.lockstep.plan.LayerPlan;
import io.lockstep.plan.LayerPlan.Padding;
import io.lockstep.plan.LayerPlan.Size;
import io.lockstep.plan.LayerPlan.Windowed;

/** What each layer is called, needs as its input and makes of it. */
final class LayerWords {
  private LayerWords() {}

  /** The layer's word in a plan. */
  static String word(LayerPlan layer) {
    String name = layer.getClass().getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /**
   * Shape that {@code layer} makes of {@code input}.
   *
   * @throws Unfit if it cannot
   */
  static FeatureShape output(LayerPlan layer, FeatureShape input) {
    if (layer instanceof LayerPlan.Dense dense) {
      return new Row(dense.units());
    }
    if (layer instanceof LayerPlan.Flatten) {
      return new Row(input.size());
    }
    if (layer instanceof LayerPlan.Dropout
        || layer instanceof LayerPlan.BatchNormalization
        || layer instanceof LayerPlan.Activation) {
      return input;
    }
    if (!(input instanceof Image image)) {
      throw new Unfit(
          "needs images (channels x height x width), but gets rows of "
              + input
              + " numbers; "
              + "put it before flatten and dense, or give the data a shape");
    }
    return imageOutput(layer, image);
  }

  private static FeatureShape imageOutput(LayerPlan layer, Image image) {
    if (layer instanceof Windowed windowed) {
      return new Image(
          channels(layer, image), moved(windowed, image, true), moved(windowed, image, false));
    }
    if (layer instanceof LayerPlan.ZeroPadding2d zeros) {
      Size border = zeros.padding();
      return new Image(
          image.channels(),
          image.height() + 2L * border.height(),
          image.width() + 2L * border.width());
    }
    if (layer instanceof LayerPlan.UpSampling2d up) {
      return new Image(
          image.channels(), image.height() * up.size().height(), image.width() * up.size().width());
    }
    return new Row(image.channels()); // global pooling
  }

  private static long channels(LayerPlan layer, Image image) {
    if (layer instanceof LayerPlan.Conv2d conv) {
      return conv.filters();
    }
    if (layer instanceof LayerPlan.SeparableConv2d conv) {
      return conv.filters();
    }
    if (layer instanceof LayerPlan.DepthwiseConv2d conv) {
      return image.channels() * conv.depthMultiplier();
    }
    return image.channels();
  }

  /** Places that the window takes along one side. */
  private static long moved(Windowed layer, Image image, boolean vertical) {
    long in = vertical ? image.height() : image.width();
    long stride = vertical ? layer.stride().height() : layer.stride().width();
    if (layer.padding() == Padding.SAME) {
      return (in + stride - 1) / stride;
    }
    long window = spread(layer, vertical);
    if (window > in) {
      throw new Unfit(
          String.format(
              "has a window of %d x %d%s, larger than its input of %s (channels x height x width);"
                  + " make the window smaller, set padding: same, or take out a layer before it",
              spread(layer, true),
              spread(layer, false),
              layer.dilation().equals(new Size(1, 1)) ? "" : " with its dilation",
              image));
    }
    return (in - window) / stride + 1;
  }

  private static long spread(Windowed layer, boolean vertical) {
    long window = vertical ? layer.window().height() : layer.window().width();
    long dilation = vertical ? layer.dilation().height() : layer.dilation().width();
    return (window - 1) * dilation + 1;
  }

  /** A layer that does not fit its input; the message says what it has and needs. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfit(String message) {
      super(message);
    }
  }
}
