package io.lockstep.plan;

import io.lockstep.data.InputException;
import java.util.Optional;

/** A layer in Keras' words; what each one does is said in {@link ModelKeys}. */
public sealed interface LayerPlan {
  /** Size of a window: height first, as in Keras. */
  record Size(int height, int width) {}

  /** How a convolution or a pooling treats the border. */
  enum Padding {
    /** The window stays inside. */
    VALID,
    /** Zeros around, so that with strides of 1 the size stays the same. */
    SAME
  }

  /** A layer with weights. */
  sealed interface Weighted extends LayerPlan {
    /** What its outputs go through. */
    ActivationPlan activation();

    /** How its weights are drawn at the start. */
    InitializerPlan kernelInitializer();

    /** Value of its biases at the start. */
    double biasInitializer();

    /** Whether it has a bias. */
    boolean useBias();

    /** In place of the model's. */
    Optional<Double> l1();

    /** In place of the model's. */
    Optional<Double> l2();
  }

  /** A window that moves over an image. */
  sealed interface Windowed extends LayerPlan {
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
  }

  /** A window whose values have weights. */
  sealed interface Convolution extends Weighted, Windowed {
    /** The window. */
    Size kernel();

    /** How far it moves. */
    Size strides();

    @Override
    default Size window() {
      return kernel();
    }

    @Override
    default Size stride() {
      return strides();
    }
  }

  /** A window whose values become one. */
  sealed interface Pooling extends Windowed {
    /** The window. */
    Size pool();

    /** How far it moves; by its own size unless given. */
    Optional<Size> strides();

    @Override
    default Size window() {
      return pool();
    }

    @Override
    default Size stride() {
      return strides().orElse(pool());
    }
  }

  /** Every input to every output. */
  record Dense(
      int units,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Weighted {}

  /** Convolution of an image. */
  record Conv2d(
      int filters,
      Size kernel,
      Size strides,
      Padding padding,
      Size dilation,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Convolution {}

  /** Convolution of each channel on its own. */
  record DepthwiseConv2d(
      Size kernel,
      int depthMultiplier,
      Size strides,
      Padding padding,
      Size dilation,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Convolution {}

  /** Convolution of each channel on its own, then of all channels with a 1x1 window. */
  record SeparableConv2d(
      int filters,
      Size kernel,
      int depthMultiplier,
      Size strides,
      Padding padding,
      Size dilation,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Convolution {}

  /** Largest value of each window. */
  record MaxPooling2d(Size pool, Optional<Size> strides, Padding padding) implements Pooling {}

  /** Mean of each window. */
  record AveragePooling2d(Size pool, Optional<Size> strides, Padding padding) implements Pooling {}

  /** Largest value of each channel. */
  record GlobalMaxPooling2d() implements LayerPlan {}

  /** Mean of each channel. */
  record GlobalAveragePooling2d() implements LayerPlan {}

  /** An image as a row of numbers. */
  record Flatten() implements LayerPlan {}

  /** Sets some inputs to 0 in training. */
  record Dropout(double rate) implements LayerPlan {}

  /** Brings each channel to mean 0 and variance 1, then scales and shifts it. */
  record BatchNormalization(double momentum, double epsilon, boolean center, boolean scale)
      implements LayerPlan {
    public BatchNormalization {
      if (center != scale) {
        throw new InputException("center: must be the same as scale, because DL4J knows only both");
      }
    }
  }

  /** An activation on its own. */
  record Activation(ActivationPlan function) implements LayerPlan {}

  /** Zeros around an image. */
  record ZeroPadding2d(Size padding) implements LayerPlan {}

  /** Each value repeated. */
  record UpSampling2d(Size size) implements LayerPlan {}
}
