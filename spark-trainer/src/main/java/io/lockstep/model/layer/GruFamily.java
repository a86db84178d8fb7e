package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.layers.GRU;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;

/** The recurrent layer that DL4J lacks, {@link GRU}. */
public final class GruFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word("gru", Recurrent.keys(Recurrent.biases(keys())));
  }

  private static Section.Builder<Gru> keys() {
    var section =
        Section.of(
            Gru.class,
            "A gated recurrent unit (Cho et al. 2014). DL4J has none: to load such a model"
                + " without Lockstep takes its small jar `lockstep-layers`.");
    return Recurrent.gated(section, "inputs and outputs of the step before")
        .key(
            "resetAfter",
            bool(),
            "true",
            "Whether the reset gate comes after the product with the outputs of the step before, as"
                + " in cuDNN and PyTorch; `false` is the form of 2014.");
  }

  record Gru(
      int units,
      ActivationPlan activation,
      ActivationPlan recurrentActivation,
      boolean resetAfter,
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
    public int gates() {
      return 3;
    }

    @Override
    public BaseRecurrentLayer.Builder<?> cell() {
      return new GRU.Builder()
          .gateActivationFunction(Functions.activation(recurrentActivation))
          .resetAfter(resetAfter)
          .biasInit(biasInitializer);
    }
  }
}
