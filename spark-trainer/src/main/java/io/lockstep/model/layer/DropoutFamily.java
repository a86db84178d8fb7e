package io.lockstep.model.layer;

import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that disturb their input in training. */
public final class DropoutFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "dropout",
        Section.of(
                Dropout.class, "In training, sets inputs to 0 at random and scales up the others.")
            .required("rate", number(Range.FRACTION), "Fraction that is dropped, as in Keras.")
            .shorthand("rate")
            .build());
  }

  record Dropout(double rate) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      // DL4J's number is the fraction that is kept
      return Optional.of(new DropoutLayer.Builder(1 - rate).name(context.name()).build());
    }
  }
}
