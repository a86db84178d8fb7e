package io.lockstep.model.layer;

import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that disturb their input in training. */
public final class DropoutFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word(
            "dropout",
            Section.of(
                    Dropout.class,
                    "In training, sets inputs to 0 at random and scales up the others.")
                .required("rate", number(Range.FRACTION), "Fraction that is dropped, as in Keras.")
                .shorthand("rate")
                .build())
        .word(
            "spatialDropout",
            Section.of(
                    SpatialDropout.class,
                    "In training, sets whole channels of an image, or a feature in all time steps,"
                        + " to 0 at random and scales up the others.")
                .required("rate", number(Range.FRACTION), "Fraction that is dropped.")
                .shorthand("rate")
                .build());
  }

  record Dropout(double rate) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      return input;
    }

    @Override
    public boolean perStep() {
      return true;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      // DL4J's number is the fraction that is kept
      return Optional.of(new DropoutLayer.Builder(1 - rate).name(context.name()).build());
    }
  }

  record SpatialDropout(double rate) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Row) {
        throw new Unfit("needs images or sequences, but gets " + input.described());
      }
      if (input instanceof Steps steps && steps.ragged()) {
        throw new Unfit(
            "gets sequences of different lengths, where DL4J's fails; take dropout of the recurrent"
                + " layer after it, which does the same");
      }
      return input;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      var dropout = new org.deeplearning4j.nn.conf.dropout.SpatialDropout(1 - rate);
      return Optional.of(new DropoutLayer.Builder(dropout).name(context.name()).build());
    }
  }
}
