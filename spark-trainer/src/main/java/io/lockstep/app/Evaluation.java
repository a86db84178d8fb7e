package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.Plan;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.spark.Engines;
import io.lockstep.train.ModelEvaluation;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * How good a trained model is on examples.
 *
 * <pre>{@code
 * double accuracy = Evaluation.of("runs/digits").data("later.csv").run().metric("accuracy");
 * }</pre>
 *
 * <p>What is not said here is as in the plan beside the model, if there is one. Not thread-safe.
 */
public final class Evaluation {
  private static final String DEFAULT_MASTER = "local[*]";
  private static final int DEFAULT_BATCH = 256;

  private final String model;
  private SparkChoice spark;
  private Optional<Configuration> hadoop = Optional.empty();
  private GivenExamples examples = GivenExamples.NONE;
  private Optional<String> master = Optional.empty();
  private OptionalDouble threshold = OptionalDouble.empty();
  private Optional<Integer> topK = Optional.empty();

  private Evaluation(String model, SparkChoice spark) {
    this.model = model;
    this.spark = spark;
  }

  /**
   * An evaluation of {@code model}.
   *
   * @param model a run directory, or the model file of one
   */
  public static Evaluation of(String model) {
    return new Evaluation(model, SparkChoice.OWN);
  }

  static Evaluation of(String model, SparkChoice spark) {
    return new Evaluation(model, spark);
  }

  /** Measures on {@code source} instead of the plan's {@code data.test}. */
  public Evaluation data(ExampleSource source) {
    examples = examples.with(source);
    spark = spark.or(source);
    return this;
  }

  /**
   * Measures on other examples than the plan's {@code data.test}.
   *
   * @param words a source as {@code data.test} has it in braces, the name of an embedded set, or
   *     the path of a CSV file like the one of training
   */
  public Evaluation data(String words) {
    examples = examples.with(words);
    return this;
  }

  /**
   * Says what becomes of records that cannot be used; as {@code data.badRecords} of the plan if it
   * is not said.
   */
  public Evaluation badRecords(BadRecords policy) {
    examples = examples.with(policy);
    return this;
  }

  /** Also measures top-k accuracy. */
  public Evaluation topK(int k) {
    if (k < 1) {
      throw new InputException("k of top-k accuracy must be at least 1, not " + k);
    }
    topK = Optional.of(k);
    return this;
  }

  /**
   * Takes an example for the second of two classes where its output is above {@code value}, in
   * place of the model's own threshold.
   */
  public Evaluation threshold(double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InputException("a threshold must be at least 0 and below 1, not " + value);
    }
    threshold = OptionalDouble.of(value);
    return this;
  }

  /** Opens Spark at {@code master}, such as {@code local[4]}. */
  public Evaluation master(String master) {
    this.master = Optional.of(master);
    return this;
  }

  /** Runs on {@code session}, which stays open. */
  public Evaluation spark(SparkSession session) {
    return spark(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /** Runs on {@code context}, which stays open. */
  public Evaluation spark(JavaSparkContext context) {
    spark = new SparkChoice(Optional.of(context));
    return this;
  }

  /** Reads files with these settings instead of Spark's. */
  public Evaluation hadoop(Configuration settings) {
    hadoop = Optional.of(settings);
    return this;
  }

  /**
   * Measures; the bits are the same on every cluster.
   *
   * @throws InputException if there is no such model, or the examples are not like its own
   * @throws IOException if a file system fails
   */
  public EvaluationResult run() throws IOException {
    Configuration settings = hadoop.orElseGet(spark::hadoop);
    Optional<Plan> plan = NamedData.planOf(model, settings);
    Kernels kernels = plan.map(it -> it.compute().kernels()).orElse(Kernels.AUTO);
    ModelFile file = ModelFile.read(ModelPath.file(model, settings), kernels, settings);
    var how =
        new ModelEvaluation.Settings(
            topK.or(() -> plan.map(it -> it.evaluation().topK())).orElse(1),
            plan.map(it -> it.evaluation().batch()).orElse(DEFAULT_BATCH),
            threshold);
    ExampleSource source = examples.of(plan, file.card(), () -> planned(plan));
    return measure(new ModelEvaluation(file, source, how), plan, settings);
  }

  private EvaluationResult measure(
      ModelEvaluation evaluation, Optional<Plan> plan, Configuration settings) throws IOException {
    boolean planned = master.isEmpty() && spark.given().isEmpty();
    if (planned && plan.filter(it -> it.run().engine() == EngineKind.IN_PROCESS).isPresent()) {
      return evaluation.run(Engines.inProcess(settings));
    }
    return spark.measure(
        evaluation,
        master.or(() -> plan.map(it -> it.run().master())).orElse(DEFAULT_MASTER),
        settings);
  }

  private static ExampleSource planned(Optional<Plan> plan) {
    return plan.flatMap(it -> it.data().testSource())
        .orElseThrow(
            () ->
                new InputException(
                    plan.filter(it -> it.data().testShare() > 0).isPresent()
                        ? "data.test of this model's plan is a part of its training data, whose"
                            + " figures are beside the model: say with --data what else to evaluate"
                            + " it on"
                        : plan.isPresent()
                            ? "the plan of this model has no data.test: say with --data what to"
                                + " evaluate it on"
                            : "no plan lies beside this model: say with --data what to evaluate it"
                                + " on"));
  }
}
