package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;

/** Layers whose window has weights and moves over an image. */
public final class ConvolutionFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word(
            "conv2d",
            keys(
                Section.of(Conv2d.class, "Convolution of an image.")
                    .required("filters", Weighted.units(), "Number of output channels.")
                    .required("kernel", Windowed.SIZE, "Window, `n` or `[height, width]`.")))
        .word(
            "depthwiseConv2d",
            keys(
                Section.of(DepthwiseConv2d.class, "Convolution of each channel on its own.")
                    .required("kernel", Windowed.SIZE, "Window, `n` or `[height, width]`.")
                    .key(
                        "depthMultiplier",
                        Weighted.units(),
                        "1",
                        "Output channels per input channel.")))
        .word(
            "separableConv2d",
            keys(
                Section.of(
                        SeparableConv2d.class,
                        "Depthwise convolution, then one of all channels with a 1x1 window.")
                    .required("filters", Weighted.units(), "Number of output channels.")
                    .required("kernel", Windowed.SIZE, "Window, `n` or `[height, width]`.")
                    .key(
                        "depthMultiplier",
                        Weighted.units(),
                        "1",
                        "Channels per input channel between the two.")));
  }

  private static <T extends Record> Section<T> keys(Section.Builder<T> section) {
    return Weighted.keys(
        section
            .key("strides", Windowed.SIZE, "1", "How far the window moves, `n` or `[down, right]`.")
            .key(
                "padding",
                Windowed.PADDING,
                "valid",
                "`valid` keeps the window inside, `same` puts zeros around the image.")
            .key("dilation", Windowed.SIZE, "1", "Distance between the window's values."));
  }

  /** What all convolutions have. */
  interface Convolution extends Weighted, Windowed {
    Size kernel();

    Size strides();

    /** DL4J's builder, told of the channels. */
    ConvolutionLayer.BaseConvBuilder<?> filtered();

    @Override
    default Size window() {
      return kernel();
    }

    @Override
    default Size stride() {
      return strides();
    }

    @Override
    default Optional<Layer> build(LayerContext context) {
      ConvolutionLayer.BaseConvBuilder<?> builder = filtered();
      builder.setKernelSize(kernel().sides());
      builder.setStride(strides().sides());
      builder.setDilation(dilation().sides());
      builder.convolutionMode(padding().mode()).hasBias(useBias());
      return Optional.of(weights(builder, context).build());
    }
  }

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
      implements Convolution {
    @Override
    public long channels(Image input) {
      return filters;
    }

    @Override
    public ConvolutionLayer.BaseConvBuilder<?> filtered() {
      return new ConvolutionLayer.Builder().nOut(filters);
    }
  }

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
      implements Convolution {
    @Override
    public long channels(Image input) {
      return input.channels() * depthMultiplier;
    }

    @Override
    public ConvolutionLayer.BaseConvBuilder<?> filtered() {
      return new DepthwiseConvolution2D.Builder().depthMultiplier(depthMultiplier);
    }
  }

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
      implements Convolution {
    @Override
    public long channels(Image input) {
      return filters;
    }

    @Override
    public ConvolutionLayer.BaseConvBuilder<?> filtered() {
      return new SeparableConvolution2D.Builder().depthMultiplier(depthMultiplier).nOut(filters);
    }
  }
}
