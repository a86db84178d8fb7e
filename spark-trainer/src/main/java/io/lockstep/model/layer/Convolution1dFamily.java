package io.lockstep.model.layer;

import static io.lockstep.config.Types.choice;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.data.InputException;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers whose window has weights and moves along a sequence. */
public final class Convolution1dFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "conv1d",
        Weighted.keys(
            Section.of(Conv1d.class, "Convolution of a sequence along its time steps.")
                .required("filters", Weighted.units(), "Numbers that a step puts out.")
                .required("kernelSize", Window1d.SIZE, "Steps of the window.")
                .key("strides", Window1d.SIZE, "1", "Steps that the window moves.")
                .key(
                    "padding",
                    choice(Padding.class),
                    "valid",
                    "`valid` keeps the window inside, `same` puts zeros on both sides, `causal`"
                        + " before the first step, so that no step sees a later one.")
                .key(
                    "dilationRate",
                    Window1d.SIZE,
                    "1",
                    "Distance between the window's steps; other than 1 with `causal` only.")));
  }

  /** What is put around a sequence. */
  enum Padding {
    /** Nothing. */
    VALID(ConvolutionMode.Truncate),
    /** Zeros on both sides. */
    SAME(ConvolutionMode.Same),
    /** Zeros before it. */
    CAUSAL(ConvolutionMode.Causal);

    private final ConvolutionMode mode;

    Padding(ConvolutionMode mode) {
      this.mode = mode;
    }
  }

  record Conv1d(
      int filters,
      int kernelSize,
      int strides,
      Padding padding,
      int dilationRate,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Weighted {
    Conv1d {
      if (strides > 1 && dilationRate > 1) {
        throw new InputException("dilationRate: must be 1 where strides are larger, as in Keras");
      }
      if (dilationRate > 1 && padding != Padding.CAUSAL) {
        throw new InputException(
            "dilationRate: must be 1 unless padding is causal, because DL4J fails otherwise");
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      Steps steps = FeatureShape.steps(input);
      if (!steps.ragged()) {
        long window = (kernelSize - 1L) * dilationRate + 1;
        return new Steps(
            filters, Window1d.places(steps.time(), padding == Padding.VALID, window, strides));
      }
      if (padding == Padding.VALID || strides > 1) {
        throw new Unfit(
            "gets sequences of different lengths, whose ends would mix with what they are filled"
                + " up with; take padding: same or causal, and strides: 1");
      }
      return new Steps(filters, Steps.UNKNOWN);
    }

    @Override
    public boolean looksAround() {
      return true;
    }

    @Override
    public Optional<String> looksAhead() {
      boolean ahead = padding != Padding.CAUSAL && kernelSize > 1;
      return ahead ? Optional.of("set padding: causal") : Optional.empty();
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      var builder = new Convolution1DLayer.Builder(kernelSize, strides);
      builder.setDilation(dilationRate);
      builder.nOut(filters).convolutionMode(padding.mode).hasBias(useBias);
      weights(builder, context);
      long inputs = FeatureShape.steps(context.input()).features();
      builder.weightInit(
          Functions.initializer(
              kernelInitializer, kernelSize * inputs, (long) kernelSize * filters));
      return Optional.of(builder.build());
    }
  }
}
