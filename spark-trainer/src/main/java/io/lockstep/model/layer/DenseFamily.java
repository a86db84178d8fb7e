package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Layers that join every input to every output. */
public final class DenseFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "dense",
        Weighted.keys(
            Section.of(
                    Dense.class,
                    "Every input to every output. Flattens images; of a sequence it takes each time"
                        + " step alone.")
                .optional(
                    "units",
                    Weighted.units(),
                    "Number of outputs. The last layer can go without: then it has one for each"
                        + " class, target or token of the data, and one alone with `sigmoid`"
                        + " for two classes.")
                .shorthand("units")));
  }

  record Dense(
      Optional<Integer> units,
      ActivationPlan activation,
      InitializerPlan kernelInitializer,
      double biasInitializer,
      boolean useBias,
      Optional<Double> l1,
      Optional<Double> l2)
      implements Weighted {
    @Override
    public FeatureShape output(FeatureShape input) {
      if (units.isEmpty()) {
        throw new Unfit("needs units; only the last layer can leave them to the data");
      }
      int outputs = units.get();
      return input instanceof Steps steps ? new Steps(outputs, steps.time()) : new Row(outputs);
    }

    @Override
    public NetworkLayer withOutputs(int outputs) {
      return units.isPresent() ? this : with(Optional.of(outputs), activation);
    }

    @Override
    public NetworkLayer withActivation(ActivationPlan last) {
      return with(units, last);
    }

    private Dense with(Optional<Integer> outputs, ActivationPlan last) {
      return new Dense(outputs, last, kernelInitializer, biasInitializer, useBias, l1, l2);
    }

    @Override
    public boolean perStep() {
      return true;
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      var builder = new DenseLayer.Builder().nOut(units.orElseThrow()).hasBias(useBias);
      return Optional.of(weights(builder, context).build());
    }

    @Override
    public Optional<Layer> buildOutput(
        LayerContext context, ActivationPlan last, ILossFunction loss) {
      BaseOutputLayer.Builder<?> builder =
          context.input().isSequence()
              ? new RnnOutputLayer.Builder(loss)
              : new OutputLayer.Builder(loss);
      builder.nOut(units.orElseThrow());
      builder.hasBias(useBias);
      weights(builder, context).activation(Functions.activation(last));
      return Optional.of(builder.build());
    }
  }
}
