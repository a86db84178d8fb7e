package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.FunctionKeys;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;

/** Layers that remember what they saw in the steps before. */
public final class RecurrentFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word("lstm", Recurrent.keys(lstm()))
        .word("simpleRnn", Recurrent.keys(Recurrent.biases(simple())));
  }

  private static Section.Builder<Lstm> lstm() {
    var section =
        Section.of(
            Lstm.class,
            "Long short-term memory (Hochreiter and Schmidhuber 1997). Biases start at 0.");
    return Recurrent.gated(section, "inputs and cells")
        .key("unitForgetBias", bool(), "true", "Whether the biases of the forget gate start at 1.");
  }

  private static Section.Builder<SimpleRecurrent> simple() {
    var section =
        Section.of(
            SimpleRecurrent.class,
            "An Elman network: outputs are fed back as inputs of the next step.");
    return Recurrent.units(section)
        .key("activation", FunctionKeys.ACTIVATION, "tanh", "What outputs go through.");
  }

  record Lstm(
      int units,
      ActivationPlan activation,
      ActivationPlan recurrentActivation,
      boolean unitForgetBias,
      InitializerPlan kernelInitializer,
      InitializerPlan recurrentInitializer,
      boolean returnSequences,
      boolean goBackwards,
      double dropout,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Recurrent {
    @Override
    public int gates() {
      return 4;
    }

    @Override
    public BaseRecurrentLayer.Builder<?> cell() {
      return new LSTM.Builder()
          .gateActivationFunction(Functions.activation(recurrentActivation))
          .forgetGateBiasInit(unitForgetBias ? 1 : 0);
    }
  }

  record SimpleRecurrent(
      int units,
      ActivationPlan activation,
      double biasInitializer,
      InitializerPlan kernelInitializer,
      InitializerPlan recurrentInitializer,
      boolean returnSequences,
      boolean goBackwards,
      double dropout,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Recurrent {
    @Override
    public String word() {
      return "simpleRnn";
    }

    @Override
    public int gates() {
      return 1;
    }

    @Override
    public BaseRecurrentLayer.Builder<?> cell() {
      return new SimpleRnn.Builder().biasInit(biasInitializer);
    }
  }
}
