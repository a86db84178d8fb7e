package io.lockstep.train;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.Range;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Metric;
import io.lockstep.ingest.Dealt;
import io.lockstep.model.RowNormalization;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.LossPlan;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import io.lockstep.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether loss, metrics and preparation suit the data as it was read, in what shapes cannot tell.
 *
 * <p>What could only end in nonsense is refused; what may be meant, but seldom is, gets a warning.
 */
final class DataFit {
  /** From here on weights that start near 0 need very many steps of usual sizes. */
  private static final double FAR_TARGET = 1000;

  /** So many numbers are as likely to be classes as not. */
  private static final int FEW_CLASSES = 20;

  /** Examples of a class, fewer of which teach little of it. */
  private static final long SEVERAL = 10;

  private final Plan plan;
  private final Origins origins;
  private final Dealt data;

  DataFit(Plan plan, Origins origins, Dealt data) {
    this.plan = plan;
    this.origins = origins;
    this.data = data;
  }

  /**
   * @param spec what will be measured
   * @param losses of each output, where a plan has a word for it
   * @throws InputException if early stopping watches what is not measured, or a loss is not defined
   *     for the targets
   */
  void check(EvaluationSpec spec, List<Optional<LossPlan>> losses) {
    plan.training().earlyStopping().ifPresent(rule -> metric(rule, spec));
    bucketing();
    ids();
    for (int output = 0; output < losses.size(); output++) {
      int width = spec.each().get(output).width();
      int number = output;
      losses.get(output).ifPresent(loss -> check(number, loss, width));
    }
  }

  private void check(int output, LossPlan loss, int width) {
    Labels labels = data.labels().each().get(output);
    Range range = data.settled().labelRange(output);
    boolean targets = labels instanceof Labels.Targets;
    if (standardized() && targets) {
      if (loss != LossPlan.MSE && loss != LossPlan.MAE) {
        throw problem(
            "data.standardizeTargets",
            "is for the losses mse and mae, but the loss is " + loss.word() + of(output));
      }
      return;
    }
    if (targets) {
      if (!range.isEmpty()) {
        loss(output, loss, range);
      }
      return;
    }
    // A plan's own layers have been looked at before they were built.
    if (plan.model() instanceof ModelPlan.Dl4j) {
      lossOfClasses(output, loss, width);
    }
  }

  /** Which of several outputs, for a message. */
  private String of(int output) {
    return data.labels() instanceof Labels.Several several
        ? " (output " + several.names().get(output) + ")"
        : "";
  }

  private boolean standardized() {
    return plan.data().standardizeTargets().orElse(false);
  }

  private void lossOfClasses(int output, LossPlan loss, int outputs) {
    if (loss == LossPlan.HINGE || loss == LossPlan.SQUARED_HINGE) {
      throw loss(
          output, loss, "has the labels -1 and 1, but the data has classes, which are 0 and 1");
    }
    if (loss == LossPlan.CATEGORICAL_CROSSENTROPY && outputs == 1) {
      throw loss(output, loss, "compares at least 2 outputs, but there is 1");
    }
  }

  private void bucketing() {
    if (plan.training().bucketed() && data.schema().inputs().stream().noneMatch(Field::sequence)) {
      throw problem(
          "training.bucketing",
          "is byLength, but the examples all have one length: take none, or leave it out");
    }
  }

  /** Numbers of which an embedding makes something are ids, each from 0 on. */
  private void ids() {
    boolean tokens = data.schema().inputs().get(0).sequence();
    if (tokens || !(plan.model() instanceof ModelPlan.Layered layered)) {
      return;
    }
    OptionalInt ids = NetworkLayer.of(layered.layers().get(0)).ids();
    Range features = data.settled().featureRange();
    if (ids.isEmpty() || features.isEmpty()) {
      return;
    }
    if (plan.data().normalize() != Normalization.NONE) {
      throw problem(
          "data.normalize", "must be none, because the first layer takes the features for ids");
    }
    if (features.smallest() < 0 || features.largest() >= ids.getAsInt() || !features.whole()) {
      throw problem(
          "model.layers.0",
          "takes whole numbers from 0 to %d for ids, but the features reach from %s to %s%s"
              .formatted(
                  ids.getAsInt() - 1,
                  number(features.smallest()),
                  number(features.largest()),
                  features.whole() ? "" : " and are not all whole"));
    }
  }

  private void metric(TrainingPlan.EarlyStopping rule, EvaluationSpec spec) {
    Metric metric = Metric.ofOutput(rule.metric());
    String path = "training.earlyStopping.metric";
    if (!spec.words().contains(rule.metric())) {
      String measured = String.join(", ", spec.words());
      throw problem(
          path,
          spec.outputs().isEmpty()
              ? "is %s, which is not measured here: the network has %d output(s) for %s; take one of %s%s"
                  .formatted(
                      rule.metric(),
                      spec.width(),
                      data.labels() instanceof Labels.Classes ? "classes" : "numbers",
                      measured,
                      metric == Metric.TOP_K ? ", or set evaluation.topK" : "")
              : "is %s, which is not measured here: take one of %s"
                  .formatted(rule.metric(), measured));
    }
    int dot = rule.metric().lastIndexOf('.');
    int output = dot < 0 ? 0 : data.labels().names().indexOf(rule.metric().substring(0, dot));
    Range targets = data.settled().labelRange(output);
    if (metric == Metric.R2 && !targets.isEmpty() && targets.smallest() == targets.largest()) {
      throw problem(
          path,
          "is r2, which is not defined for targets that are all %s; take mse"
              .formatted(number(targets.largest())));
    }
  }

  private void loss(int output, LossPlan loss, Range targets) {
    switch (loss) {
      case BINARY_CROSSENTROPY, CATEGORICAL_CROSSENTROPY, KL_DIVERGENCE -> {
        if (targets.smallest() < 0 || targets.largest() > 1) {
          throw loss(output, loss, targets, "takes targets from 0 to 1; divide them, or take mse");
        }
      }
      case HINGE, SQUARED_HINGE -> {
        if (targets.smallest() < -1 || targets.largest() > 1) {
          throw loss(output, loss, targets, "takes the targets -1 and 1");
        }
      }
      case MSLE -> {
        if (targets.smallest() <= -1) {
          throw loss(output, loss, targets, "takes the logarithm of 1 + target; take mse");
        }
      }
      case POISSON -> {
        if (targets.smallest() < 0) {
          throw loss(output, loss, targets, "takes counts, which are not negative");
        }
      }
      case MAPE -> {
        if (targets.smallest() == 0 || targets.largest() == 0) {
          throw loss(output, loss, targets, "divides by the target, and some are 0; take mae");
        }
      }
      case MSE, MAE, COSINE_SIMILARITY -> {}
    }
  }

  private InputException loss(int output, LossPlan loss, Range targets, String why) {
    return loss(
        output,
        loss,
        "%s, but the data has targets from %s to %s"
            .formatted(why, number(targets.smallest()), number(targets.largest())));
  }

  private InputException loss(int output, LossPlan loss, String why) {
    return plan.model() instanceof ModelPlan.Dl4j file
        ? problem(
            "model.dl4j",
            "(%s) has the loss %s%s, which %s".formatted(file.path(), loss.word(), of(output), why))
        : problem("model.loss", loss.word() + " " + why);
  }

  private InputException problem(String path, String message) {
    return origins.problem(path, message);
  }

  /** What may be meant, but seldom is: a sentence each, with the key to look at. */
  List<String> warnings(List<Optional<LossPlan>> losses) {
    List<String> warnings = new ArrayList<>(data.warnings());
    for (int output = 0; output < losses.size(); output++) {
      acrossZero(output, losses.get(output)).ifPresent(warnings::add);
    }
    scaled().ifPresent(warnings::add);
    for (int output = 0; output < losses.size(); output++) {
      farTargets(output).ifPresent(warnings::add);
      numbersAsClasses(output).ifPresent(warnings::add);
    }
    singleExamples().ifPresent(warnings::add);
    return warnings;
  }

  private Optional<String> scaled() {
    Range features = data.settled().featureRange();
    boolean small = !features.isEmpty() && features.smallest() >= 0 && features.largest() <= 1;
    boolean pixels = data.schema().inputs().stream().anyMatch(it -> it.type() == ElementType.UINT8);
    return plan.data().normalize() == Normalization.SCALE && small && !pixels
        ? Optional.of(
            "data.normalize is scale, which divides by 255, but the features reach from %s to %s"
                    .formatted(number(features.smallest()), number(features.largest()))
                + " already; take none, or standardize")
        : Optional.empty();
  }

  /** There may be zeros among them, or numbers as good as zero: the range does not tell. */
  private Optional<String> acrossZero(int output, Optional<LossPlan> loss) {
    Range targets = data.settled().labelRange(output);
    return loss.equals(Optional.of(LossPlan.MAPE))
            && targets.smallest() < 0
            && targets.largest() > 0
        ? Optional.of(
            "the loss is mape"
                + of(output)
                + ", which divides by the target, but the targets reach from %s to %s, across 0"
                    .formatted(number(targets.smallest()), number(targets.largest()))
                + ", near which it grows without bounds; take mae")
        : Optional.empty();
  }

  private Optional<String> farTargets(int output) {
    Range targets = data.settled().labelRange(output);
    double far = Math.max(Math.abs(targets.smallest()), Math.abs(targets.largest()));
    return data.labels().each().get(output) instanceof Labels.Targets
            && !targets.isEmpty()
            && far >= FAR_TARGET
            && !standardized()
        ? Optional.of(
            "the targets"
                + of(output)
                + " reach from %s to %s, far from where a network begins, so the loss may"
                    .formatted(number(targets.smallest()), number(targets.largest()))
                + " hardly come down; set data.standardizeTargets: true")
        : Optional.empty();
  }

  /** Whole numbers under {@code label} may be ids of classes; seldom if there are so many. */
  private Optional<String> numbersAsClasses(int output) {
    List<String> names = data.labels().each().get(output).names();
    long examples = data.count(Part.TRAINING) + data.count(Part.VALIDATION);
    boolean numbers =
        data.labels().each().get(output) instanceof Labels.Classes
            && names.size() > FEW_CLASSES
            && names.size() * SEVERAL > examples
            && names.stream().allMatch(Numbers::isNumber);
    return numbers
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the labels%s are %,d different numbers for %,d examples, each a class of its own;"
                    + " numbers to be predicted go under targets",
                of(output),
                names.size(),
                examples))
        : Optional.empty();
  }

  /** Batch normalisation takes a single row for its own mean: it learns nothing from it. */
  private Optional<String> singleExamples() {
    if (!RowNormalization.isIn(plan, PreparedRun.input(data), data.labels())) {
      return Optional.empty();
    }
    int batch = plan.training().batch();
    String because =
        "; batchNormalization learns nothing from a single example, whose mean is itself";
    if (batch == 1) {
      return Optional.of("training.batch is 1" + because + "; take a larger one");
    }
    long examples = data.count(Part.TRAINING);
    int replicas = plan.training().replicas();
    long smaller = examples / replicas; // sizes of shards differ by at most 1
    boolean single =
        smaller % batch == 1 || (examples % replicas > 0 && (smaller + 1) % batch == 1);
    return single
        ? Optional.of(
            "the last minibatch of an epoch has 1 example in some replicas"
                + because
                + "; another training.batch avoids it")
        : Optional.empty();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%d", (long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }
}
