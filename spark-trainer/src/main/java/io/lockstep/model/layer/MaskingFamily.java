package io.lockstep.model.layer;

import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The word for padded sequences. Nothing is left of it in the network: the steps are left out of
 * the data, since DL4J's own layer hides them from one layer only, and not from the loss.
 */
public final class MaskingFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "masking",
        Section.of(
                Masking.class,
                "Leaves out the time steps of padded sequences, in front, at the end or between;"
                    + " the first layer, for a table with `shape: [time, features]`.")
            .key(
                "maskValue",
                number(Range.ANY),
                "0",
                "What all features of such a step have, in the data as it is stored, before"
                    + " `data.normalize`.")
            .shorthand("maskValue")
            .build());
  }

  record Masking(double maskValue) implements NetworkLayer {
    @Override
    public OptionalDouble masked() {
      return OptionalDouble.of(maskValue);
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Steps steps && steps.ragged()) {
        return input;
      }
      throw new Unfit("needs sequences of numbers, but gets " + input.described());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.empty();
    }
  }
}
