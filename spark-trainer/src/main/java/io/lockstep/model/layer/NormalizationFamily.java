package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.data.InputException;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that bring their input to a mean and a variance. */
public final class NormalizationFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.refused(
        "layerNormalization",
        "DL4J 1.0.0-M2.1 has it inside of its dense layers only, and not as a layer");
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
}
