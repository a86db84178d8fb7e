package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.bytes;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.number;
import static io.lockstep.config.Types.text;
import static io.lockstep.config.Types.wide;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.idx.EmbeddedSource.Part;
import io.lockstep.evaluate.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of a plan: name, type, default, check and doc of each in one place.
 *
 * <p>The reference in docs/configuration.md is generated from here.
 */
final class PlanKeys {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MANY = Integer.MAX_VALUE;

  static final Type<ExampleSource> TRAIN_SOURCE = SourceKeys.sources(Part.TRAIN);
  static final Type<ExampleSource> TEST_SOURCE = SourceKeys.sources(Part.TEST);

  static final Section<DataPlan> DATA =
      Section.of(DataPlan.class, "Which examples are trained and how they are prepared.")
          .required("train", TRAIN_SOURCE, "Examples of the training and validation splits.")
          .optional(
              "test",
              TestPlan.TYPE,
              "What is evaluated at the end: a source of its own, or a fraction of `train` that is"
                  + " held out, beside `validation` and as `holdOut` says. It is the same whatever"
                  + " `validation` is. Not of `series`, which have `from` and `until` for it.")
          .key(
              "validation",
              number(Range.FRACTION),
              "0",
              "Fraction of `train` held out for evaluation during training.")
          .optional(
              "holdOut",
              choice(DataPlan.HoldOut.class),
              "Which ones: `random` draws them from the seed; `last` takes the end of the source,"
                  + " as Keras does. Without it `last` for text and series that are cut into"
                  + " windows, else `random`.")
          .key(
              "normalize",
              choice(DataPlan.Normalization.class),
              "none",
              "`scale` divides by 255, so that pixels become 0 to 1; `standardize` gives each"
                  + " feature mean 0 and deviation 1, fitted on the training split; `none`.")
          .optional(
              "standardizeTargets",
              bool(),
              "Whether numbers to be predicted get mean 0 and deviation 1 as well, for `mse` and"
                  + " `mae`. Metrics but the loss stay in the units of the data.")
          .optional(
              "badRecords",
              choice(BadRecords.class),
              "What becomes of a text, or of a row of a `csv`, that cannot be used, of `train` and"
                  + " of `test`: empty, no valid text in its encoding, of an unknown class or"
                  + " without one, in a row with too few or too many values, without a number where"
                  + " one must be, or longer than `maxLength` with `truncate: false`. `fail`: an"
                  + " error with file and line; `skip`: it is left out, counted, and told. Default"
                  + " `fail`.")
          .optional(
              "columns",
              listOf(ColumnKeys.COLUMN, "[rules](#columns)"),
              "What the columns of a `csv` hold and what is made of them; the first rule that names"
                  + " a column decides. Features that none names are numbers, as"
                  + " `normalize` says.")
          .build();

  static final Section<TrainingPlan.Outer> OUTER =
      Section.of(
              TrainingPlan.Outer.class,
              "The outer optimizer, applied to the averaged delta of a round (averaging mode"
                  + " only).")
          .key(
              "learningRate",
              number(Range.POSITIVE),
              "1",
              "Factor on the averaged delta; 1 takes the average as it is.")
          .key(
              "momentum",
              number(Range.FRACTION),
              "0",
              "Nesterov momentum over rounds; DiLoCo (arXiv 2311.08105) takes 0.9 with a learning"
                  + " rate of 0.7.")
          .build();

  static final Section<TrainingPlan.EarlyStopping> EARLY_STOPPING =
      Section.of(
              TrainingPlan.EarlyStopping.class,
              "Ends the run when a validation metric no longer improves; the best model is kept.")
          .key(
              "metric",
              metric(),
              "loss",
              "What is watched on the validation split. Whether larger is better follows from it.")
          .required("patience", integer(1, MANY), "Evaluations without improvement endured.")
          .key(
              "minDelta",
              number(Range.NOT_NEGATIVE),
              "0",
              "Smallest change that counts as improvement.")
          .build();

  static final Section<TrainingPlan> TRAINING =
      Section.of(TrainingPlan.class, "The semantics of training; all of it decides the result.")
          .key(
              "mode",
              choice(TrainingPlan.Mode.class),
              "averaging",
              "`averaging`: replicas take `localSteps` steps, then parameters and optimizer state"
                  + " are averaged. `gradient`: gradients are averaged at each step, equal to one"
                  + " machine with minibatches of `replicas * batch`.")
          .key(
              "replicas",
              integer(1, 4096),
              "1",
              "Logical workers. Part of the plan, never of the cluster: any number of cores gives"
                  + " the same result.")
          .key("batch", integer(1, MANY), "32", "Examples of one minibatch of one replica.")
          .key(
              "localSteps",
              integer(1, MANY),
              "1",
              "Minibatches a replica takes between two rounds; more is faster, 10 is a good start.")
          .key("epochs", integer(1, MANY), "1", "Passes over the training split.")
          .key(
              "shuffleWindow",
              bytes(1),
              "64MiB",
              "How much of its shard a replica holds and shuffles together. A shard that fits is"
                  + " shuffled as a whole; of a larger one the blocks (4 MiB) are shuffled, and the"
                  + " examples of as many blocks as fit, group by group.")
          .key("outer", OUTER, "{}", "The outer optimizer.")
          .optional(
              "stateful",
              bool(),
              "For windows of running text: the state at the end of a minibatch is the beginning of"
                  + " the next (Keras' word). A shard is cut into `batch` streams that are trained"
                  + " side by side in the order of the source; each epoch begins from zero. Default"
                  + " false.")
          .optional(
              "bucketing",
              choice(TrainingPlan.Bucketing.class),
              "For sequences of different lengths. `byLength`: those of similar length meet in a"
                  + " minibatch, so that little is padded; pools of 50 minibatches are sorted, then"
                  + " the minibatches shuffled. Default `none`.")
          .optional(
              "classWeights",
              ClassWeightsPlan.TYPE,
              "By what the loss of an example is multiplied in training, by its class (Keras'"
                  + " class_weight), times its own weight. `{fraud: 20}`: all others have 1."
                  + " `balanced`: n / (k * count) of the n training examples and k classes, so that"
                  + " all classes count alike. Evaluations do not know of it.")
          .optional("earlyStopping", EARLY_STOPPING, "When to end before the last epoch.")
          .build();

  static final Section<EvaluationPlan> EVALUATION =
      Section.of(EvaluationPlan.class, "Evaluation on the validation split during training.")
          .key("every", integer(1, MANY), "1", "Epochs between two evaluations.")
          .key("batch", integer(1, MANY), "256", "Examples of one forward pass.")
          .key("topK", integer(1, MANY), "1", "k of top-k accuracy; 1 for none.")
          .optional(
              "threshold",
              ThresholdPlan.TYPE,
              "Of two classes: above which probability of the second an example is taken for it, in"
                  + " metrics and scores. `bestF1`, `bestBalancedAccuracy` and `bestMcc` choose it"
                  + " on the validation part when training is over, for that figure to be best. The"
                  + " model remembers it. Default 0.5.")
          .build();

  static final Section<ComputePlan> COMPUTE =
      Section.of(ComputePlan.class, "How a replica computes; part of the plan as it changes bits.")
          .key(
              "kernels",
              choice(ComputePlan.Kernels.class),
              "auto",
              "`auto`: Lockstep's kernels where they cover the layer; `stock`: DL4J's own.")
          .key(
              "threads",
              integer(1, 1024),
              "1",
              "Native threads of a replica. A Spark task takes as many cores (`spark.task.cpus`),"
                  + " so with 2 `local[4]` computes two replicas at once; more threads than cores"
                  + " are refused.")
          .build();

  static final Section<RunPlan> RUN =
      Section.of(RunPlan.class, "Where and how the run executes; never changes its result.")
          .key(
              "master",
              text(),
              "local[*]",
              "Spark's master where `spark-submit` names none; `local[4]` takes four cores of this"
                  + " machine.")
          .key("directory", text(), "runs/latest", "Run directory, any Hadoop path.")
          .key(
              "engine",
              choice(RunPlan.EngineKind.class),
              "spark",
              "`spark`: each round is a Spark job; `inProcess`: a loop in one JVM, the same bits.")
          .key(
              "checkpointRounds",
              integer(0, MANY),
              "0",
              "Rounds between two checkpoints; 0 for one at each epoch's end only.")
          .key("keepCheckpoints", integer(1, MANY), "3", "Newest checkpoints kept.")
          .build();

  static final Section<Plan> PLAN =
      Section.of(Plan.class, "One training run in full.")
          .key(
              "name",
              text("name, letters, digits and . _ -", PlanKeys::checkName),
              "run",
              "Of the run: for the report and the files' names.")
          .key(
              "seed",
              wide(),
              "42",
              "Of every random choice: split, order, initial weights, dropout.")
          .required("data", DATA, "")
          .required("model", ModelKeys.MODEL, "")
          .key("training", TRAINING, "{}", "")
          .key("evaluation", EVALUATION, "{}", "")
          .key("compute", COMPUTE, "{}", "")
          .key("run", RUN, "{}", "")
          .build();

  /** Sections in which a key may have been meant to stand. */
  private static final Map<String, Section<?>> PLACES =
      Map.of(
          "the top of the plan", PLAN,
          "data", DATA,
          "training", TRAINING,
          "evaluation", EVALUATION,
          "compute", COMPUTE,
          "run", RUN);

  private PlanKeys() {}

  /** The section that {@code key} belongs to, if there is exactly one. */
  static Optional<String> placeOf(String key) {
    var places =
        PLACES.entrySet().stream()
            .filter(place -> place.getValue().keys().stream().anyMatch(k -> k.name().equals(key)))
            .map(Map.Entry::getKey)
            .toList();
    return places.size() == 1 ? Optional.of(places.get(0)) : Optional.empty();
  }

  private static Type<String> metric() {
    List<String> words =
        Arrays.stream(Metric.values()).filter(Metric::ofTheNetwork).map(Metric::word).toList();
    return Types.oneOf(words, word -> word.substring(word.lastIndexOf('.') + 1));
  }

  private static Optional<String> checkName(String name) {
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "must be at most 100 letters, digits and . _ - and begin with a letter or digit, but is"
                + " '"
                + name
                + "'");
  }
}
