package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that lay the same values out in another way, and compute nothing. */
public final class FlattenFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word("flatten", Section.of(Flatten.class, "An image as a row of numbers.").build());
  }

  record Flatten() implements NetworkLayer {
    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Steps) {
        throw new Unfit(
            "needs images or rows, but gets "
                + input.described()
                + "; take a global pooling, or the last step of a recurrent layer");
      }
      return new Row(input.size());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return Optional.empty();
    }
  }
}
