package io.lockstep.train;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.order.Deal.Arrangement;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Dealt;
import io.lockstep.model.Blueprint;
import io.lockstep.model.LossWeights;
import io.lockstep.model.LossWords;
import io.lockstep.model.MemoryNeed;
import io.lockstep.model.NetworkBuilder;
import io.lockstep.model.NetworkConfiguration;
import io.lockstep.model.NetworkInput;
import io.lockstep.model.PlanCompletion;
import io.lockstep.model.TaskOfData;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.plan.ClassWeightsPlan;
import io.lockstep.plan.LossPlan;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFingerprint;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.TaskPlan;
import io.lockstep.plan.ThresholdPlan;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.run.TrainingOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;

/**
 * A plan that has met its data: everything that can be wrong with the user's input has been looked
 * at, nothing has been written yet.
 *
 * @param plan with its DL4J file, if it names one, read into it, and with what it left to the data
 * @param origins of its values
 * @param fingerprint of all that decides the result
 * @param data what is known of it
 * @param losses that each output makes smaller, where a plan has a word for it; in the data's order
 * @param workload what the replicas are to do
 */
public record PreparedRun(
    Plan plan,
    Origins origins,
    String fingerprint,
    Dealt data,
    List<Optional<LossPlan>> losses,
    Workload workload) {
  /** The data that {@code plan} asks for: what is to be loaded before {@link #of}. */
  public static DataRequest request(Plan plan) {
    return request(plan, plan.data().train(), plan.data().testSource());
  }

  /**
   * As {@link #request(Plan)}, with other examples.
   *
   * @throws InputException if the plan masks what is no sequence, or skips bad records of a source
   *     that has no such policy
   */
  public static DataRequest request(Plan plan, ExampleSource train, Optional<ExampleSource> test) {
    OptionalDouble masked = masked(plan.model());
    BadRecords bad = plan.data().badRecords().orElse(BadRecords.FAIL);
    return new DataRequest(
        masked(train, masked).withBadRecords(bad).withColumns(plan.data().rules()),
        test.map(it -> masked(it, masked).withBadRecords(bad).withColumns(plan.data().rules())),
        plan.data().validation(),
        test.isPresent() ? 0 : plan.data().testShare(),
        plan.training().replicas(),
        plan.seed(),
        plan.data().normalize(),
        plan.training().shuffleWindow(),
        arrangement(plan),
        plan.training().carries() ? plan.training().batch() : 1,
        plan.data().standardizeTargets().orElse(false),
        plan.training().classWeights().filter(ClassWeightsPlan::balanced).isPresent());
  }

  private static ExampleSource masked(ExampleSource source, OptionalDouble value) {
    return value.isPresent() ? source.masked(value.getAsDouble()) : source;
  }

  /** What the network's first layer has for time steps that are none. */
  private static OptionalDouble masked(ModelPlan model) {
    return model instanceof ModelPlan.Layered layered
        ? NetworkLayer.of(layered.layers().get(0)).masked()
        : OptionalDouble.empty();
  }

  /** What all features of a time step have that is left out; empty to leave out none. */
  public OptionalDouble masked() {
    return masked(plan.model());
  }

  private static Arrangement arrangement(Plan plan) {
    if (plan.training().carries()) {
      return Arrangement.IN_ORDER;
    }
    return plan.data().holdsOutLast() ? Arrangement.LAST_HELD_OUT : Arrangement.SHUFFLED;
  }

  /**
   * Fits the network of the plan to its data.
   *
   * @throws InputException if they do not fit each other
   * @throws IOException if the file system fails
   */
  public static PreparedRun of(ResolvedPlan resolved, Dealt data, Configuration hadoop)
      throws IOException {
    ResolvedPlan full =
        PlanCompletion.of(
            resolved.with(NetworkBuilder.embed(resolved.plan(), hadoop)), data.train());
    Plan plan = full.plan();
    checkBatch(plan, data);
    NetworkConfiguration network =
        NetworkBuilder.build(plan.model(), input(data), data.labels(), plan.seed(), full.origins());
    ClassWeights classes = ClassWeights.of(plan.training().classWeights(), data, full.origins());
    if (data.schema().weighted() || classes.any()) {
      LossWeights.check(network);
    }
    Blueprint blueprint = Blueprint.of(network, plan.compute());
    if (plan.training().carries()) {
      blueprint = blueprint.stateful(resolved.origins().named("training.stateful"));
    }
    var schedule =
        new EpochSchedule(
            data.count(Part.TRAINING),
            plan.training().replicas(),
            plan.training().batch(),
            plan.training().localSteps());
    EvaluationSpec measured =
        evaluation(plan, data, Probe.outputs(blueprint, data.feeding()), full.origins());
    List<Optional<LossPlan>> losses = LossWords.of(network, data.schema());
    new DataFit(plan, full.origins(), data).check(measured, losses);
    var workload =
        new Workload(
            new LocalSteps(
                plan.seed(), plan.training().mode(), schedule, order(plan, data), classes),
            outer(plan),
            evaluated(blueprint, plan, data, measured));
    return new PreparedRun(plan, full.origins(), PlanFingerprint.of(plan), data, losses, workload);
  }

  private static EpochOrder order(Plan plan, Dealt data) {
    EpochOrder order = data.order(plan.seed());
    return plan.training().bucketed() ? order.byLength(plan.training().batch()) : order;
  }

  static NetworkInput input(Dealt data) {
    return NetworkInput.of(data.train());
  }

  /** How large the run is. */
  public RunSize size() {
    MemoryNeed need = ((Blueprint) workload.networks()).need();
    double bytes = data.schema().bytesPerExample(data.settled().meanSteps());
    long shard = (long) Math.ceil(bytes * workload.steps().schedule().shard(0).size());
    double values = values(data);
    return new RunSize(
        need.parameters(),
        need.updater(),
        plan.training().mode() == Mode.AVERAGING,
        plan.training().outer().momentum() != 0,
        plan.training().earlyStopping().isPresent(),
        workload.replicas(),
        (long) (bytes * data.count(Part.TRAINING)),
        Math.min(shard, plan.training().shuffleWindow()),
        (long) (values * plan.training().batch() * Float.BYTES));
  }

  /** Numbers of one example, in the mean. */
  private static double values(Dealt data) {
    double steps = data.settled().meanSteps();
    return data.schema().inputs().stream()
        .mapToDouble(it -> it.sequence() ? it.width() * steps : it.width())
        .sum();
  }

  /** A minibatch is one array. */
  private static void checkBatch(Plan plan, Dealt data) {
    double values = values(data);
    if (values * plan.training().batch() > Integer.MAX_VALUE - 8) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "training.batch is %,d, but one example has %,.0f numbers, and a minibatch can have"
                  + " 2,147,483,639: take at most %,.0f",
              plan.training().batch(),
              values,
              Math.max(1, Math.floor((Integer.MAX_VALUE - 8) / values))));
    }
  }

  /** What the network is given. */
  public NetworkInput input() {
    return input(data);
  }

  private static EvaluationWork evaluated(
      Blueprint blueprint, Plan plan, Dealt data, EvaluationSpec measured) {
    boolean streams = plan.training().carries();
    int batch = streams ? plan.training().batch() : plan.evaluation().batch();
    return new EvaluationWork(blueprint, data.feeding(), measured, batch, streams);
  }

  private static OuterOptimizer outer(Plan plan) {
    var outer = plan.training().outer();
    return new OuterOptimizer(outer.learningRate(), outer.momentum());
  }

  private static EvaluationSpec evaluation(
      Plan plan, Dealt data, List<Integer> outputs, Origins origins) {
    int topK = plan.evaluation().topK();
    return Measured.of(
        data.schema(),
        data.labels(),
        outputs,
        input(data).foretells(data.labels()),
        topK,
        threshold(plan, data, origins),
        unfit ->
            new InputException(
                "evaluation.topK is %d, but the network has %d output(s) for %s: take a smaller one"
                    .formatted(
                        topK, unfit.width(), unfit.task().hasClasses() ? "classes" : "numbers")));
  }

  /**
   * The threshold that a plan gives; one that it wants to be chosen comes when training is over.
   */
  private static float threshold(Plan plan, Dealt data, Origins origins) {
    Optional<ThresholdPlan> threshold = plan.evaluation().threshold();
    if (threshold.isEmpty()) {
      return Float.NaN;
    }
    boolean two =
        data.labels() instanceof Labels.Classes classes
            && classes.width() == 2
            && !input(data).foretells(data.labels());
    if (!two) {
      throw origins.problem(
          "evaluation.threshold", "is for one output with two classes, which this data has not");
    }
    if (threshold.get().best().isPresent() && data.count(Part.VALIDATION) == 0) {
      throw origins.problem(
          "evaluation.threshold",
          "is chosen on the validation part, of which there is none: set data.validation, or give"
              + " a number");
    }
    return threshold.get().given();
  }

  /** What each output is trained for, in the data's order. */
  public List<Objective> objectives() {
    List<Objective> objectives = new ArrayList<>();
    List<TaskPlan> tasks = TaskOfData.of(data.train());
    for (Labels labels : data.labels().each()) {
      int output = objectives.size();
      TaskPlan task = said().orElse(tasks.get(output));
      String name = tasks.size() == 1 ? "" : data.labels().names().get(output);
      EvaluationSpec measured = workload.evaluation().spec().each().get(output);
      objectives.add(new Objective(name, task, labels, losses.get(output), measured));
    }
    return objectives;
  }

  private Optional<TaskPlan> said() {
    return plan.model() instanceof ModelPlan.Layered layered ? layered.task() : Optional.empty();
  }

  /** What the user should know of the data, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(data.notes());
    classWeights().ifPresent(notes::add);
    return notes;
  }

  /** By what the losses of each class are multiplied, in a sentence; empty if all are 1. */
  public Optional<String> classWeights() {
    return workload.steps().classes().described(data.labels().names(), data.classCounts());
  }

  /** What may be meant, but seldom is: a sentence each, with the key to look at. */
  public List<String> warnings() {
    return new DataFit(plan, origins, data).warnings(losses);
  }

  /**
   * Which examples each replica must train in an epoch, to check a ledger by.
   *
   * @param shards asked if the order depends on lengths
   */
  public TrainingOrder order(TrainingOrder.Shards shards) {
    return TrainingOrder.of(data.train().deal(), workload.steps().order(), shards);
  }
}
