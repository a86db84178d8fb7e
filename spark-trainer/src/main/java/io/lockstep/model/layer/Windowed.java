package io.lockstep.model.layer;

import static io.lockstep.config.Types.choice;

import io.lockstep.config.Type;
import io.lockstep.model.layer.FeatureShape.Image;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** A layer whose window moves over an image. */
interface Windowed extends NetworkLayer {
  /** A size of a window. */
  Type<Size> SIZE = new SizeType(1, 1 << 12);

  /** How a window treats the border. */
  Type<Padding> PADDING = choice(Padding.class);

  /** How a convolution or a pooling treats the border. */
  enum Padding {
    /** The window stays inside. */
    VALID,
    /** Zeros around, so that with strides of 1 the size stays the same. */
    SAME;

    /** As DL4J calls it. */
    ConvolutionMode mode() {
      return this == SAME ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }
  }

  /** Height and width of the window. */
  Size window();

  /** How far the window moves. */
  Size stride();

  /** What happens at the border. */
  Padding padding();

  /** Distance between the window's values. */
  default Size dilation() {
    return new Size(1, 1);
  }

  /** Channels of the output. */
  long channels(Image input);

  @Override
  default FeatureShape output(FeatureShape input) {
    Image image = FeatureShape.image(input);
    return new Image(channels(image), places(image, true), places(image, false));
  }

  /** Places that the window takes along one side. */
  private long places(Image image, boolean vertical) {
    long in = vertical ? image.height() : image.width();
    long stride = vertical ? stride().height() : stride().width();
    if (padding() == Padding.SAME) {
      return (in + stride - 1) / stride;
    }
    long window = spread(vertical);
    if (window > in) {
      throw new Unfit(
          String.format(
              "has a window of %d x %d%s, larger than its input of %s (channels x height x width);"
                  + " make the window smaller, set padding: same, or take out a layer before it",
              spread(true),
              spread(false),
              dilation().equals(new Size(1, 1)) ? "" : " with its dilation",
              image));
    }
    return (in - window) / stride + 1;
  }

  private long spread(boolean vertical) {
    long window = vertical ? window().height() : window().width();
    long dilation = vertical ? dilation().height() : dilation().width();
    return (window - 1) * dilation + 1;
  }
}
