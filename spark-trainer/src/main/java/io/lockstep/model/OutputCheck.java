package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.layer.FeatureShape;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LossPlan;
import io.lockstep.plan.ModelPlan.Layered;
import java.util.EnumSet;
import java.util.Set;

/** Whether the end of a network, the loss and the labels can be together. */
final class OutputCheck {
  private static final Set<LossPlan> PROBABILITIES =
      EnumSet.of(
          LossPlan.CATEGORICAL_CROSSENTROPY, LossPlan.BINARY_CROSSENTROPY, LossPlan.KL_DIVERGENCE);
  private static final Set<LossPlan> SIGNED = EnumSet.of(LossPlan.HINGE, LossPlan.SQUARED_HINGE);

  private final LossPlan loss;
  private final NetworkShapes shapes;
  private final Labels labels;
  private final int last;
  private final long outputs;

  private OutputCheck(Layered plan, NetworkShapes shapes, Labels labels) {
    loss = plan.loss().orElseThrow();
    this.shapes = shapes;
    this.labels = labels;
    last = plan.layers().size() - 1;
    outputs = shapes.output(last).rowSize();
  }

  /**
   * @throws InputException if they cannot
   */
  static void check(Layered plan, NetworkShapes shapes, Labels labels, boolean labelsPerStep) {
    var check = new OutputCheck(plan, shapes, labels);
    if (labelsPerStep) {
      check.steps();
    } else {
      check.noSteps();
    }
    check.width();
    check.activation();
    check.labels();
  }

  /** Each time step has a label. */
  private void steps() {
    FeatureShape output = shapes.output(last);
    if (output instanceof Steps steps) {
      if (!steps.ragged() && shapes.input(0) instanceof Steps input && input.ragged()) {
        throw problem(
            "ends the network with "
                + steps.time()
                + " time steps for each example, but the data has a label for each of the time"
                + " steps that an example has; take out repeatVector");
      }
      inOrder();
      return;
    }
    for (int i = last; i >= 0; i--) {
      if (shapes.input(i).isSequence() && !shapes.output(i).isSequence()) {
        throw shapes.problem(
            i,
            "puts out one row for a whole sequence, but the data has a label for each time step; "
                + (shapes.layer(i).returnsSequences().isPresent()
                    ? "set returnSequences: true"
                    : "take it out"));
      }
    }
    throw problem("makes one output for an example, but the data has a label for each time step");
  }

  /** The label of a step must meet what was made of that step, not of the one opposite. */
  private void inOrder() {
    int turned = -1;
    for (int i = 0; i <= last; i++) {
      if (!shapes.output(i).isSequence()) {
        return; // what comes after it are no steps of the data
      }
      if (shapes.layer(i).goBackwards()) {
        turned = turned < 0 ? i : -1;
      }
    }
    if (turned >= 0) {
      throw shapes.problem(
          turned,
          "puts out the last time step first (goBackwards), but the labels of the data begin with"
              + " that of the first step; take bidirectional, or another layer with goBackwards:"
              + " true after it, which turns them around again");
    }
  }

  /** Each example has a label. */
  private void noSteps() {
    if (!shapes.output(last).isSequence()) {
      return;
    }
    for (int i = last; i >= 0; i--) {
      if (shapes.layer(i).returnsSequences().orElse(false)) {
        throw shapes.problem(
            i,
            "puts out each time step, but the data has one label for an example; set"
                + " returnSequences: false");
      }
    }
    throw problem(
        "makes an output for each time step, but the data has one label for an example; add a"
            + " recurrent layer or a global pooling before it");
  }

  private void width() {
    if (shapes.output(last) instanceof Image image) {
      throw problem(
          "ends the network with images of "
              + image
              + " (channels x height x width); add flatten, a global pooling or dense after it");
    }
    boolean classes = labels instanceof Labels.Classes;
    boolean one = outputs == 1 && classes && labels.width() == 2;
    if (outputs == labels.width() || one) {
      return;
    }
    String has = classes ? " classes" : labels.width() == 1 ? " target" : " targets";
    String remedy =
        classes && labels.width() == 2
            ? "1 unit with sigmoid and binaryCrossentropy, or 2 with softmax and"
                + " categoricalCrossentropy"
            : "units: " + labels.width();
    throw problem(
        "makes "
            + outputs
            + " outputs, but the data has "
            + labels.width()
            + has
            + "; give the last dense layer "
            + remedy);
  }

  private void activation() {
    ActivationPlan activation = shapes.layer(last).activation();
    if (activation == ActivationPlan.Plain.SOFTMAX && outputs == 1) {
      throw problem(
          "has softmax with 1 unit, which is always 1; take sigmoid with binaryCrossentropy, or"
              + " linear with mse");
    }
    boolean probability =
        activation == ActivationPlan.Plain.SIGMOID
            || activation == ActivationPlan.Plain.HARD_SIGMOID
            || activation == ActivationPlan.Plain.SOFTMAX;
    if (PROBABILITIES.contains(loss) && !probability) {
      throw problem(
          "must end in "
              + (loss == LossPlan.BINARY_CROSSENTROPY ? "sigmoid" : "softmax")
              + ", because "
              + loss.word()
              + " needs outputs between 0 and 1");
    }
    if (loss != LossPlan.BINARY_CROSSENTROPY
        && PROBABILITIES.contains(loss)
        && activation != ActivationPlan.Plain.SOFTMAX
        && outputs > 1) {
      throw problem(
          "ends in %s, whose outputs do not add up to 1, so that %s is least if all of them are 1; take softmax"
              .formatted(
                  activation == ActivationPlan.Plain.SIGMOID ? "sigmoid" : "hardSigmoid",
                  loss.word()));
    }
    if (activation == ActivationPlan.Plain.SOFTMAX
        && labels instanceof Labels.Targets
        && !PROBABILITIES.contains(loss)) {
      throw problem(
          "ends in softmax, whose outputs always add up to 1, but the data has numbers to be"
              + " predicted; leave out the activation, or take "
              + LossPlan.KL_DIVERGENCE.word()
              + " if the targets of an example are shares that add up to 1");
    }
    if (loss == LossPlan.BINARY_CROSSENTROPY && activation == ActivationPlan.Plain.SOFTMAX) {
      throw problem(
          "ends in softmax, which belongs with categoricalCrossentropy; binaryCrossentropy needs"
              + " sigmoid");
    }
  }

  private void labels() {
    boolean classes = labels instanceof Labels.Classes;
    if (loss == LossPlan.BINARY_CROSSENTROPY && classes && outputs > 1) {
      throw problem(
          "makes "
              + outputs
              + " outputs, one per class, of which exactly one is right; take softmax with"
              + " categoricalCrossentropy"
              + (labels.width() == 2 ? ", or 1 unit" : ""));
    }
    if (loss == LossPlan.CATEGORICAL_CROSSENTROPY && outputs == 1) {
      throw problem(
          "makes 1 output, but categoricalCrossentropy compares at least 2; take sigmoid with"
              + " binaryCrossentropy");
    }
    if (SIGNED.contains(loss) && classes) {
      throw problem(
          "feeds "
              + loss.word()
              + ", whose labels are -1 and 1, but the data has classes, which are 0 and 1; give"
              + " the label column under targets, or take binaryCrossentropy");
    }
  }

  private InputException problem(String message) {
    return shapes.problem(last, message);
  }
}
