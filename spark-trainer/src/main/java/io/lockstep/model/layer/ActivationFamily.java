package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.FunctionKeys;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that apply a function to each value, or to each row. */
public final class ActivationFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "activation",
        Section.of(Activation.class, "An activation on its own.")
            .required("function", FunctionKeys.ACTIVATION, "Which one.")
            .shorthand("function")
            .build());
  }

  record Activation(ActivationPlan function) implements NetworkLayer {
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
      return Optional.of(
          new ActivationLayer.Builder()
              .activation(Functions.activation(function))
              .name(context.name())
              .build());
    }

    @Override
    public ActivationPlan activation() {
      return function;
    }

    @Override
    public NetworkLayer withActivation(ActivationPlan last) {
      return new Activation(last);
    }

    @Override
    public boolean isActivation() {
      return true;
    }
  }
}
