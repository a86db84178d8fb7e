package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.FunctionKeys;
import io.lockstep.plan.InitializerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;

/**
 * A layer that goes through a sequence step by step: the keys that all of them end with, and what
 * DL4J is told of them.
 */
interface Recurrent extends NetworkLayer {
  /** Numbers that a step puts out. */
  int units();

  @Override
  ActivationPlan activation();

  /** How weights of inputs are drawn at the start. */
  InitializerPlan kernelInitializer();

  /** How weights of the outputs of the step before are drawn at the start. */
  InitializerPlan recurrentInitializer();

  /** Whether each step is put out, and not the last one alone. */
  boolean returnSequences();

  @Override
  boolean goBackwards();

  @Override
  default Optional<String> looksAhead() {
    return goBackwards() ? Optional.of("leave out goBackwards") : Optional.empty();
  }

  /** Share of the inputs that is dropped in training. */
  double dropout();

  /** In place of the model's. */
  Optional<Double> l1();

  /** In place of the model's. */
  Optional<Double> l2();

  /** Columns of weights for each unit: one for each of its gates. */
  int gates();

  /** DL4J's builder, told of what only this kind of layer has. */
  BaseRecurrentLayer.Builder<?> cell();

  /**
   * Begins a section with the keys of cells that have gates.
   *
   * @param activated what goes through {@code activation}
   */
  static <T extends Record> Section.Builder<T> gated(Section.Builder<T> section, String activated) {
    return units(section)
        .key("activation", FunctionKeys.ACTIVATION, "tanh", "What " + activated + " go through.")
        .key(
            "recurrentActivation",
            FunctionKeys.ACTIVATION,
            "sigmoid",
            "What the gates go through.");
  }

  /** Begins a section with the size of the layer. */
  static <T extends Record> Section.Builder<T> units(Section.Builder<T> section) {
    return section.required("units", Weighted.units(), "Numbers that a step puts out.");
  }

  /** Adds the start of the biases to a section. */
  static <T extends Record> Section.Builder<T> biases(Section.Builder<T> section) {
    return section.key(
        "biasInitializer", number(Range.ANY), "0", "Value of the biases at the start.");
  }

  /** Ends a section with the keys of all recurrent layers. */
  static <T extends Record> Section<T> keys(Section.Builder<T> section) {
    return section
        .key(
            "kernelInitializer",
            FunctionKeys.INITIALIZER,
            "glorotUniform",
            "How weights of inputs are drawn at the start.")
        .key(
            "recurrentInitializer",
            FunctionKeys.INITIALIZER,
            "orthogonal",
            "How weights of the step before are drawn at the start.")
        .key(
            "returnSequences",
            bool(),
            "false",
            "Whether each step is put out, or only the last one that is there.")
        .key(
            "goBackwards",
            bool(),
            "false",
            "Whether the last step that is there is taken first. As in Keras the steps are put out"
                + " in the order in which they were taken: from the last one to the first.")
        .key(
            "dropout",
            number(Range.FRACTION),
            "0",
            "Fraction of the inputs that is dropped in training, the same in all steps of an"
                + " example.")
        .optional("l1", number(Range.NOT_NEGATIVE), "In place of `model.regularization.l1`.")
        .optional("l2", number(Range.NOT_NEGATIVE), "In place of `model.regularization.l2`.")
        .refused(
            "recurrentDropout",
            "DL4J drops nothing between two steps; take `dropout`, which drops the inputs")
        .refused("useBias", "recurrent layers of DL4J always have biases; leave it out")
        .refused("stateful", "it holds for the whole network; set `training.stateful`")
        .shorthand("units")
        .build();
  }

  @Override
  default Optional<Boolean> returnsSequences() {
    return Optional.of(returnSequences());
  }

  @Override
  default FeatureShape output(FeatureShape input) {
    Steps steps = FeatureShape.steps(input);
    return returnSequences() ? new Steps(units(), steps.time()) : new Row(units());
  }

  @Override
  default Optional<Layer> build(LayerContext context) {
    return Optional.of(returnSequences() ? steps(context) : new LastTimeStep(steps(context)));
  }

  /** DL4J's layer that puts out each step. */
  private Layer steps(LayerContext context) {
    long inputs = FeatureShape.steps(context.input()).features();
    long columns = (long) gates() * units();
    BaseRecurrentLayer.Builder<?> builder = cell();
    builder.nOut(units());
    builder.activation(Functions.activation(activation()));
    builder.weightInit(Functions.initializer(kernelInitializer(), inputs, columns));
    builder.weightInitRecurrent(Functions.initializer(recurrentInitializer(), units(), columns));
    if (dropout() > 0) {
      builder.dropOut(new SpatialDropout(1 - dropout())); // Keras: one draw for all steps
    }
    builder.regularization(Weighted.penalties(context, l1(), l2()));
    builder.name(context.name());
    return builder.build();
  }
}
