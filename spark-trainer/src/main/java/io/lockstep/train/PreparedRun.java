package io.lockstep.train;

import io.lockstep.config.Origins;
import io.lockstep.config.Plan;
import io.lockstep.config.PlanFingerprint;
import io.lockstep.config.ResolvedPlan;
import io.lockstep.data.ExampleSource;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.SourceSummary;
import io.lockstep.data.Split;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import io.lockstep.model.Blueprint;
import io.lockstep.model.NetworkBuilder;
import io.lockstep.model.NetworkConfiguration;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.run.TrainingOrder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A plan that has met its data: everything that can be wrong with the user's input has been looked
 * at, nothing has been written yet.
 *
 * @param plan with its DL4J file, if it names one, read into it
 * @param origins of its values
 * @param fingerprint of all that decides the result
 * @param train what the training source holds
 * @param split which of its examples are trained and which are held out
 * @param outputs values per output of the network
 * @param workload what the replicas are to do
 */
public record PreparedRun(
    Plan plan,
    Origins origins,
    String fingerprint,
    SourceSummary train,
    Split split,
    int outputs,
    Workload workload) {
  /**
   * Looks at the data and builds the network's configuration for it.
   *
   * @throws InputException if data, network and plan do not fit each other
   * @throws IOException if the file system fails
   */
  public static PreparedRun of(ResolvedPlan resolved, Configuration hadoop) throws IOException {
    Plan plan = NetworkBuilder.embed(resolved.plan(), hadoop);
    SourceSummary train = inspect("data.train", plan.data().train(), hadoop);
    PlannedExamples examples = examples(plan, train, hadoop);
    Split split = examples.split();
    if (split.training().length < plan.training().replicas()) {
      throw new InputException(
          "training.replicas is %d, but there are only %d examples to train: take fewer replicas"
              .formatted(plan.training().replicas(), split.training().length));
    }
    NetworkConfiguration network =
        NetworkBuilder.build(
            plan.model(), train.shape(), train.labels(), plan.seed(), resolved.origins());
    Blueprint blueprint = Blueprint.of(network, plan.compute());
    int outputs = train.labels().widthFor(Probe.outputs(blueprint, train.shape()));
    String fingerprint = PlanFingerprint.of(plan);
    Workload workload =
        new Workload(
            new LocalSteps(
                plan.seed(),
                plan.training().mode(),
                new EpochSchedule(
                    split.training().length,
                    plan.training().replicas(),
                    plan.training().batch(),
                    plan.training().localSteps())),
            outer(plan),
            blueprint,
            examples,
            plan.data().normalize(),
            evaluation(plan, train.labels(), outputs),
            plan.evaluation().batch());
    return new PreparedRun(plan, resolved.origins(), fingerprint, train, split, outputs, workload);
  }

  private static OuterOptimizer outer(Plan plan) {
    var outer = plan.training().outer();
    return new OuterOptimizer(outer.learningRate(), outer.momentum());
  }

  private static SourceSummary inspect(String key, ExampleSource source, Configuration hadoop)
      throws IOException {
    try {
      return source.inspect(hadoop);
    } catch (InputException e) {
      throw new InputException(key + ": " + e.getMessage(), e);
    }
  }

  private static PlannedExamples examples(Plan plan, SourceSummary train, Configuration hadoop)
      throws IOException {
    Optional<ExampleSource> test = plan.data().test().map(it -> it.withLabels(train.labels()));
    int testExamples = 0;
    if (test.isPresent()) {
      SourceSummary held = inspect("data.test", test.get(), hadoop);
      if (!Arrays.equals(held.shape(), train.shape())) {
        throw new InputException(
            "data.test has examples of shape %s, data.train of shape %s: both must be alike"
                .formatted(Arrays.toString(held.shape()), Arrays.toString(train.shape())));
      }
      testExamples = held.examples();
    }
    return new PlannedExamples(
        plan.data().train().withLabels(train.labels()),
        train.examples(),
        plan.data().validation(),
        plan.seed(),
        plan.training().replicas(),
        test.orElse(null),
        testExamples);
  }

  private static EvaluationSpec evaluation(Plan plan, Labels labels, int outputs) {
    Task task = Task.of(labels, outputs);
    int topK = plan.evaluation().topK();
    if (topK > 1 && (task != Task.CLASSIFICATION || topK > outputs)) {
      throw new InputException(
          "evaluation.topK is %d, but the network has %d output(s) for %s: take a smaller one"
              .formatted(topK, outputs, task == Task.CLASSIFICATION ? "classes" : "numbers"));
    }
    return new EvaluationSpec(task, outputs, topK);
  }

  /** Which examples each replica must train in an epoch, to check a ledger by. */
  public TrainingOrder order() {
    return TrainingOrder.of(split, plan.training().replicas(), plan.seed());
  }
}
