package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.data.InputException;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that bring their input to a mean and a variance. */
public final class NormalizationFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "batchNormalization",
        Section.of(
                BatchNormalization.class,
                "Each channel to mean 0 and variance 1 (arXiv 1502.03167), then scale and"
                    + " shift.")
            .key("momentum", number(Range.FRACTION), "0.99", "Decay of the running statistics.")
            .key("epsilon", number(Range.POSITIVE), "0.001", "Added to the variance.")
            .key("center", bool(), "true", "Whether a learned shift follows.")
            .key("scale", bool(), "true", "Whether a learned scale follows.")
            .build());
    layers.word(
        "layerNormalization",
        Section.of(
                LayerNormalization.class,
                "Each row, or each time step of a sequence, to mean 0 and variance 1 by itself"
                    + " (arXiv 1607.06450), then scale and shift. DL4J has it inside of its dense"
                    + " layers only: to load such a model without Lockstep takes its small jar"
                    + " `lockstep-layers`.")
            .key("epsilon", number(Range.POSITIVE), "0.001", "Added to the variance.")
            .key("center", bool(), "true", "Whether a learned shift follows.")
            .key("scale", bool(), "true", "Whether a learned scale follows.")
            .build());
  }

  record BatchNormalization(double momentum, double epsilon, boolean center, boolean scale)
      implements NetworkLayer {
    BatchNormalization {
      if (center != scale) {
        throw new InputException("center: must be the same as scale, because DL4J knows only both");
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Steps steps && steps.ragged()) {
        throw new Unfit(
            "gets sequences of different lengths, but DL4J's statistics would count what they are"
                + " filled up with; put it behind the last step or a global pooling");
      }
      return input;
    }

    @Override
    public boolean perStep() {
      return true;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.of(
          new org.deeplearning4j.nn.conf.layers.BatchNormalization.Builder(!scale)
              .decay(momentum)
              .eps(epsilon)
              .name(context.name())
              .build());
    }
  }

  record LayerNormalization(double epsilon, boolean center, boolean scale) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Image) {
        throw new Unfit(
            "needs rows or sequences, but gets "
                + input.described()
                + "; take batchNormalization, or put it behind flatten or a global pooling");
      }
      return input;
    }

    @Override
    public boolean perStep() {
      return true;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.of(
          new io.lockstep.layers.LayerNormalization.Builder()
              .eps(epsilon)
              .center(center)
              .scale(scale)
              .name(context.name())
              .build());
    }
  }
}
