package io.lockstep.model.layer;

import static io.lockstep.config.Types.integer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that make a sequence of a row. */
public final class RepeatFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "repeatVector",
        Section.of(RepeatVector.class, "A row as each of some time steps.")
            .required("n", integer(1, 1 << 20), "How many.")
            .shorthand("n")
            .build());
  }

  record RepeatVector(int n) implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      if (!(input instanceof Row row)) {
        throw new Unfit(
            "needs rows, but gets "
                + input.described()
                + "; let the recurrent layer before it put out the last step alone"
                + " (returnSequences: false)");
      }
      return new Steps(row.size(), n);
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      var builder = new org.deeplearning4j.nn.conf.layers.misc.RepeatVector.Builder<>(n);
      builder.setLayerName(context.name());
      return Optional.of(builder.build());
    }
  }
}
