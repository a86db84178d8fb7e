package io.lockstep.model.layer;

import static io.lockstep.config.Types.choice;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.data.InputException;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Layers that hold another one. */
public final class WrapperFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word(
            "bidirectional",
            Section.of(
                    Bidirectional.class,
                    "A recurrent layer that goes forwards and another like it that goes backwards,"
                        + " from the last step that is there; without `returnSequences` each puts"
                        + " out where it ends.")
                .required(
                    "layer", LayerFamily.nested(), "The layer, such as `{lstm: {units: 64}}`.")
                .key(
                    "mergeMode", choice(MergeMode.class), "concat", "What is made of both outputs.")
                .shorthand("layer")
                .build())
        .word(
            "timeDistributed",
            Section.of(
                    TimeDistributed.class,
                    "The same layer for each step; `dense`, `activation` and `dropout` do so by"
                        + " themselves.")
                .required("layer", LayerFamily.nested(), "The layer, such as `{dense: 10}`.")
                .shorthand("layer")
                .build());
  }

  /** What is made of the outputs of both directions. */
  enum MergeMode {
    /** One after the other. */
    CONCAT(org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode.CONCAT),
    /** Their sum. */
    SUM(org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode.ADD),
    /** Their product. */
    MUL(org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode.MUL),
    /** Their mean. */
    AVE(org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode.AVERAGE);

    private final org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode mode;

    MergeMode(org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional.Mode mode) {
      this.mode = mode;
    }
  }

  record Bidirectional(LayerPlan layer, MergeMode mergeMode) implements NetworkLayer {
    Bidirectional {
      if (!(layer instanceof Recurrent)) {
        throw new InputException(
            "layer: must be a recurrent layer (lstm, gru, simpleRnn), because only these go through"
                + " a sequence in a direction");
      }
      if (NetworkLayer.of(layer).goBackwards()) {
        throw new InputException(
            "layer: must not say goBackwards: true, because bidirectional makes a layer for each"
                + " direction of it; without bidirectional it may go backwards alone");
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      FeatureShape one = inner().output(input);
      int times = mergeMode == MergeMode.CONCAT ? 2 : 1;
      return one instanceof Steps steps
          ? new Steps(times * steps.features(), steps.time())
          : new Row(times * one.size());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      Layer layer = inner().build(context).orElseThrow();
      var both =
          new org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional(mergeMode.mode, layer);
      both.setLayerName(context.name());
      return Optional.of(both);
    }

    @Override
    public Optional<Boolean> returnsSequences() {
      return inner().returnsSequences();
    }

    @Override
    public Optional<String> looksAhead() {
      return Optional.of("take %s alone, with returnSequences: true".formatted(inner().word()));
    }

    @Override
    public ActivationPlan activation() {
      return inner().activation();
    }

    private NetworkLayer inner() {
      return NetworkLayer.of(layer);
    }
  }

  record TimeDistributed(LayerPlan layer) implements NetworkLayer {
    TimeDistributed {
      if (!NetworkLayer.of(layer).perStep()) {
        throw new InputException("layer: must be one that makes a row of a row, such as dense");
      }
    }

    @Override
    public FeatureShape output(FeatureShape input) {
      return inner().output(FeatureShape.steps(input));
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      return inner().build(context);
    }

    @Override
    public Optional<Layer> buildOutput(
        LayerContext context, ActivationPlan last, ILossFunction loss) {
      return inner().buildOutput(context, last, loss);
    }

    @Override
    public ActivationPlan activation() {
      return inner().activation();
    }

    @Override
    public NetworkLayer withOutputs(int outputs) {
      return new TimeDistributed(inner().withOutputs(outputs));
    }

    @Override
    public NetworkLayer withActivation(ActivationPlan last) {
      return new TimeDistributed(inner().withActivation(last));
    }

    @Override
    public boolean isActivation() {
      return inner().isActivation();
    }

    @Override
    public boolean perStep() {
      return true;
    }

    private NetworkLayer inner() {
      return NetworkLayer.of(layer);
    }
  }
}
