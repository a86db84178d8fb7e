package io.lockstep.app;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.GivenSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.ingest.DataRequest;
import io.lockstep.model.Replica;
import io.lockstep.plan.DataPlan;
import io.lockstep.plan.DataPlan.HoldOut;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFingerprint;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.SourceParser;
import io.lockstep.plan.TestPlan;
import io.lockstep.run.Beginning;
import io.lockstep.run.LostOwnershipException;
import io.lockstep.run.Position;
import io.lockstep.run.Provenance.Aspect;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunDirectory.IfExists;
import io.lockstep.run.RunDirectory.IfOwned;
import io.lockstep.run.RunDirectory.RecordedPlan;
import io.lockstep.run.RunSession;
import io.lockstep.run.SavedState;
import io.lockstep.train.Engine;
import io.lockstep.train.LoadedData;
import io.lockstep.train.Place;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.Trainer;
import io.lockstep.train.TrainingWatch;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * From a plan to a model, or from a checkpoint on.
 *
 * <pre>{@code
 * TrainedModel model = Training.of(plan).spark(session).directory("runs/digits").run();
 * }</pre>
 *
 * <p>Without a Spark of the user's, the plan's {@code run} section says where it runs. Not
 * thread-safe; a training runs once at a time.
 */
public final class Training {
  private final Start start;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private SparkChoice spark = SparkChoice.OWN;
  private Optional<Configuration> hadoop = Optional.empty();
  private IfExists ifExists = IfExists.REFUSE;
  private IfOwned ifOwned = IfOwned.REFUSE;
  private Set<Aspect> accepted = Set.of();
  private Optional<String> predecessor = Optional.empty();
  private BooleanSupplier stop = () -> false;
  private Optional<ExampleSource> train = Optional.empty();
  private Optional<ExampleSource> test = Optional.empty();

  private Training(Start start) {
    this.start = start;
  }

  /** A new run of {@code plan}. */
  public static Training of(Plan plan) {
    return of(new ResolvedPlan(plan, Origins.NONE));
  }

  /** A new run of {@code plan}, recorded with the origins of its values. */
  public static Training of(ResolvedPlan plan) {
    return new Training(new NewRun(plan));
  }

  /** The run of {@code directory}, from its newest checkpoint on, bit for bit. */
  public static Training resume(String directory) {
    return resume(directory, List.of());
  }

  /**
   * As {@link #resume(String)}, executed differently.
   *
   * @param overrides {@code key=value}, of keys that do not decide the result
   */
  public static Training resume(String directory, List<String> overrides) {
    return new Training(new OldRun(directory, List.copyOf(overrides)));
  }

  /**
   * The run of {@code plan} in the plan's directory, from its newest checkpoint on if there is one:
   * what whoever starts a dead program again can call each time. A finished run stays as it is; a
   * run of another plan is refused.
   */
  public static Training resumeOrBegin(ResolvedPlan plan) {
    return new Training(new OldOrNewRun(plan));
  }

  /**
   * Trains on these examples, whatever the plan's {@code data.train} is; a data set of Spark
   * ({@link Examples}) is trained where it lies. Of what is no file the run directory remembers
   * name and hash, so whoever resumes the run gives it again.
   */
  public Training train(ExampleSource examples) {
    train = Optional.of(examples);
    spark = spark.or(examples);
    return this;
  }

  /** Measures the model on these examples at the end, whatever the plan's {@code data.test} is. */
  public Training test(ExampleSource examples) {
    test = Optional.of(examples);
    spark = spark.or(examples);
    return this;
  }

  /** Runs the rounds on {@code session}, whatever {@code run.engine} says; it stays open. */
  public Training spark(SparkSession session) {
    return spark(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /** Runs the rounds on {@code context}, whatever {@code run.engine} says; it stays open. */
  public Training spark(JavaSparkContext context) {
    spark = new SparkChoice(Optional.of(context));
    return this;
  }

  /** Reads and writes files with these settings instead of Spark's. */
  public Training hadoop(Configuration settings) {
    hadoop = Optional.of(settings);
    return this;
  }

  /** Records a new run in {@code path}, any Hadoop path, instead of the plan's directory. */
  public Training directory(String path) {
    return new Training(start.in(path)).like(this);
  }

  private Training like(Training other) {
    listeners.addAll(other.listeners);
    spark = other.spark;
    hadoop = other.hadoop;
    ifExists = other.ifExists;
    ifOwned = other.ifOwned;
    accepted = other.accepted;
    predecessor = other.predecessor;
    stop = other.stop;
    train = other.train;
    test = other.test;
    return this;
  }

  /** Deletes the run that the directory holds, if it holds one, before a new one begins. */
  public Training overwrite() {
    ifExists = IfExists.OVERWRITE;
    return this;
  }

  /** Cuts off another process that is, or may be, at work on the run. */
  public Training takeOver() {
    ifOwned = IfOwned.TAKE_OVER;
    return this;
  }

  /**
   * Begins a new run from the newest state of the run in {@code directory}: its weights and what
   * its optimizer remembers. The plan may differ in all but the network and the kind of optimizer.
   */
  public Training from(String directory) {
    start.checkNew("begins from its own newest checkpoint");
    predecessor = Optional.of(directory);
    return this;
  }

  /**
   * Goes on although these things have changed since the newest checkpoint; each is recorded. The
   * result is then no longer the one that the run began with.
   */
  public Training accept(Set<Aspect> changes) {
    accepted = Set.copyOf(changes);
    return this;
  }

  /** Tells {@code listener} how the training comes along. */
  public Training listener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Ends the training, with a checkpoint, when {@code stop} says so.
   *
   * @param stop asked before every round; may be answered by another thread
   */
  public Training stopWhen(BooleanSupplier stop) {
    this.stop = stop;
    return this;
  }

  /**
   * Trains to the end of the plan, writes the model and measures it on the test set.
   *
   * @throws InputException if plan, data or directory must be mended; nothing was written
   * @throws IOException if a file system fails; what failed in the rounds is recorded in the run
   */
  public TrainedModel run() throws IOException {
    return start.run(this);
  }

  /** Where a training begins. */
  private sealed interface Start {
    Start in(String directory);

    /** Refuses, with {@code instead}, if a run is resumed. */
    void checkNew(String instead);

    TrainedModel run(Training training) throws IOException;
  }

  private record NewRun(ResolvedPlan plan) implements Start {
    @Override
    public NewRun in(String directory) {
      Plan old = plan.plan();
      return new NewRun(plan.with(old.withRun(old.run().withDirectory(directory))));
    }

    @Override
    public void checkNew(String instead) {}

    @Override
    public TrainedModel run(Training training) throws IOException {
      Configuration settings = training.settings();
      RunDirectory.checkCreatable(
          settings, plan.plan().run().directory(), training.ifExists, training.ifOwned);
      if (training.predecessor.isPresent()) {
        RunDirectory.open(settings, training.predecessor.get());
      }
      return training.prepared(
          plan.with(training.given(plan.plan())),
          settings,
          (run, data) -> {
            String name = run.plan().run().directory();
            training.announce(run, name);
            RecordedPlan recorded =
                new RecordedPlan(
                    new ResolvedPlan(run.plan(), run.origins()).toYaml(),
                    run.fingerprint(),
                    Optional.of(PlanFingerprint.of(plan.plan())));
            RunDirectory created =
                RunDirectory.create(
                    settings,
                    name,
                    recorded,
                    training.beginning(run, settings),
                    training.ifExists,
                    training.ifOwned);
            return training.train(run, data, created, name);
          });
    }
  }

  private record OldOrNewRun(ResolvedPlan plan) implements Start {
    @Override
    public Start in(String directory) {
      return new OldOrNewRun(new NewRun(plan).in(directory).plan());
    }

    @Override
    public void checkNew(String instead) {}

    @Override
    public TrainedModel run(Training training) throws IOException {
      Configuration settings = training.settings();
      String directory = plan.plan().run().directory();
      if (!RunDirectory.exists(settings, directory)) {
        return new NewRun(plan).run(training);
      }
      RunDirectory opened = RunDirectory.open(settings, directory);
      RecordedPlan recorded = opened.plan();
      boolean finished = opened.finished();
      if (finished && recorded.asked().equals(Optional.of(PlanFingerprint.of(plan.plan())))) {
        return training.finished(directory, opened);
      }
      if (!finished) {
        opened.checkUsable(training.ifOwned);
      }
      return training.prepared(
          plan.with(training.given(plan.plan())),
          settings,
          (run, data) -> {
            checkSame(recorded, run, directory);
            if (finished) {
              return training.finished(directory, opened);
            }
            training.announce(run, directory);
            return training.train(run, data, opened, directory);
          });
    }

    private static void checkSame(RecordedPlan recorded, PreparedRun run, String directory) {
      if (run.fingerprint().equals(recorded.fingerprint())) {
        return;
      }
      Plan before = PlanParser.parse(recorded.yaml(), directory + "/plan.yaml", List.of());
      throw new InputException(
          """
          %s holds a run of another plan, so nothing was changed:
            %s
          Choose another directory with --set run.directory=PATH, or begin anew with --overwrite.\
          """
              .formatted(
                  directory, String.join("\n  ", PlanFingerprint.differences(before, run.plan()))));
    }
  }

  /** A run that has come to its end, of which nothing is changed. */
  private TrainedModel finished(String directory, RunDirectory run) throws IOException {
    note(
        """
        %1$s is finished: nothing was changed. To train on from its state, begin a new run: \
        lockstep train PLAN --from %1$s\
        """
            .formatted(directory));
    return TrainedModel.finished(directory, run, spark);
  }

  private record OldRun(String directory, List<String> overrides) implements Start {
    @Override
    public Start in(String other) {
      throw new IllegalStateException("a run is resumed in its own directory, " + directory);
    }

    @Override
    public void checkNew(String instead) {
      throw new IllegalStateException("a resumed run " + instead + ", " + directory);
    }

    @Override
    public TrainedModel run(Training training) throws IOException {
      Configuration settings = training.settings();
      RunDirectory opened = RunDirectory.open(settings, directory);
      ResolvedPlan plan = plan(opened.plan());
      if (opened.finished()) {
        return training.finished(directory, opened);
      }
      opened.checkUsable(training.ifOwned);
      training.checkGiven(plan.plan(), directory);
      return training.prepared(
          plan,
          settings,
          (run, data) -> {
            training.announce(run, directory);
            return training.train(run, data, opened, directory);
          });
    }

    private ResolvedPlan plan(RecordedPlan recorded) {
      String file = directory + "/plan.yaml";
      ResolvedPlan plan = PlanParser.resolve(recorded.yaml(), file, overrides);
      if (PlanFingerprint.of(plan.plan()).equals(recorded.fingerprint())) {
        return plan;
      }
      List<String> differences =
          PlanFingerprint.differences(
              PlanParser.parse(recorded.yaml(), file, List.of()), plan.plan());
      throw new InputException(
          """
          %s was begun with another plan, so it cannot go on to the same result:
            %s
          Resume it without these --set, or begin a new run with the changed plan and another \
          run.directory.\
          """
              .formatted(directory, String.join("\n  ", differences)));
    }
  }

  private Configuration settings() {
    return hadoop.orElseGet(spark::hadoop);
  }

  /** What is done with a plan that has met its data. */
  @FunctionalInterface
  private interface Prepared {
    TrainedModel train(PreparedRun run, LoadedData data) throws IOException;
  }

  /** Everything that can be wrong with the input is found here, before anything is written. */
  private TrainedModel prepared(ResolvedPlan asked, Configuration settings, Prepared next)
      throws IOException {
    ResolvedPlan plan = asked.with(spark.adapt(asked.plan()));
    spark.check(plan.plan());
    String sources = SourceWords.of(plan.plan().data());
    listeners.forEach(listener -> listener.reading(sources));
    try (Place place = spark.open(plan.plan(), settings)) {
      return SparkChoice.within(place, it -> trained(it, plan, settings, next));
    } catch (InputException e) {
      throw plan.origins().located(e);
    }
  }

  private TrainedModel trained(
      Place place, ResolvedPlan plan, Configuration settings, Prepared next) throws IOException {
    place.address().ifPresent(this::note);
    try (LoadedData data = place.load(request(plan.plan()), this::loading)) {
      PreparedRun run = PreparedRun.of(plan, data.dealt(), settings);
      place.fit(run.size()).forEach(it -> note("warning: " + it));
      return next.train(run, data);
    }
  }

  /** The plan with a place for whatever the program gives. */
  private Plan given(Plan plan) {
    if (train.isEmpty() && test.isEmpty()) {
      return plan;
    }
    DataPlan data = plan.data();
    return plan.withData(
        new DataPlan(
            train.map(Training::inAPlan).orElse(data.train()),
            test.map(Training::inAPlan).<TestPlan>map(TestPlan.Source::new).or(data::test),
            data.validation(),
            data.holdOut().or(() -> train.filter(ExampleSource::ordered).map(it -> HoldOut.LAST)),
            data.normalize(),
            data.standardizeTargets(),
            data.badRecords(),
            data.columns()));
  }

  /** What a plan cannot name has a place there; files are named. */
  private static ExampleSource inAPlan(ExampleSource source) {
    return SourceParser.isWritten(source) ? source : new GivenSource(source.name());
  }

  /** A resumed run takes what a program gives where its plan says that one does. */
  private void checkGiven(Plan plan, String directory) {
    boolean files = train.filter(it -> !isPlaceFor(it, plan.data().train())).isPresent();
    boolean testFiles =
        test.filter(it -> !plan.data().testSource().filter(old -> isPlaceFor(it, old)).isPresent())
            .isPresent();
    if (files || testFiles) {
      throw new InputException(
          "%s was begun with the %s examples of its plan; resume it without others"
              .formatted(directory, files ? "training" : "test"));
    }
  }

  private static boolean isPlaceFor(ExampleSource given, ExampleSource planned) {
    return planned instanceof GivenSource || planned.equals(given);
  }

  private DataRequest request(Plan plan) {
    return PreparedRun.request(
        plan, train.orElse(plan.data().train()), test.or(plan.data()::testSource));
  }

  /** The state of the run that this one takes up, if it does. */
  private Optional<Beginning> beginning(PreparedRun run, Configuration settings)
      throws IOException {
    if (predecessor.isEmpty()) {
      return Optional.empty();
    }
    String from = predecessor.get();
    SavedState last =
        RunDirectory.open(settings, from)
            .newest()
            .orElseThrow(
                () ->
                    new InputException(
                        from + " has no checkpoint yet: there is no state to begin from"));
    try (Replica network = run.workload().networks().create()) {
      var velocity = new float[run.workload().outer().velocityLength(network.parameters())];
      var beginning = Beginning.after(from, last, run.fingerprint(), network.state(), velocity);
      note(
          String.format(
              Locale.ROOT,
              "begins from the state of %s after %,d rounds (%,d optimizer steps)",
              from,
              beginning.from().round(),
              beginning.from().step()));
      return Optional.of(beginning);
    }
  }

  private void loading(String doing, double share) {
    listeners.forEach(listener -> listener.loading(doing, share));
  }

  private void note(String line) {
    listeners.forEach(listener -> listener.note(line));
  }

  private void announce(PreparedRun run, String directory) {
    var outline =
        new TrainingOutline(
            run.plan(),
            directory,
            run.data().count(Part.TRAINING),
            run.data().count(Part.VALIDATION),
            run.data().count(Part.TEST),
            run.input().vocabulary(),
            run.objectives());
    listeners.forEach(listener -> listener.prepared(outline));
    run.notes().forEach(this::note);
    for (String warning : run.warnings()) {
      listeners.forEach(listener -> listener.note("warning: " + warning));
    }
  }

  private TrainedModel train(PreparedRun run, LoadedData data, RunDirectory directory, String name)
      throws IOException {
    try (RunSession session =
        directory.begin(
            run.plan().run().keepCheckpoints(),
            Clock.systemUTC(),
            ifOwned,
            Circumstances.of(run),
            accepted)) {
      session.changed().forEach(change -> note("goes on although something changed: " + change));
      // Whatever ends the work, also an Error or a checked exception that Scala does not declare.
      try (Engine engine = data.open(run.workload())) {
        var watch = new Watch(List.copyOf(listeners));
        var trainer = new Trainer(run, engine, session, watch, stop, System::nanoTime);
        return new Completion(run, engine, data, directory, session, name, spark, this::note)
            .of(trainer.run());
      } catch (Throwable e) {
        recordFailure(session, e);
        throw e;
      }
    }
  }

  /** What failed is told; that it could not be written down as well is only part of it. */
  private static void recordFailure(RunSession session, Throwable failure) {
    if (failure instanceof LostOwnershipException) {
      return; // the record is another process's now
    }
    try {
      session.fail(Failure.of(failure).message());
    } catch (RuntimeException | IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Passes on to all listeners what the loop reports. */
  private record Watch(List<TrainingListener> listeners) implements TrainingWatch {
    @Override
    public void began(Position from) {
      listeners.forEach(listener -> listener.began(from));
    }

    @Override
    public void round(Position next, double loss) {
      listeners.forEach(listener -> listener.round(next, loss));
    }

    @Override
    public void evaluated(int epoch, Part part, EvaluationResult result) {
      listeners.forEach(listener -> listener.evaluated(epoch, part, result));
    }

    @Override
    public void note(String line) {
      listeners.forEach(listener -> listener.note(line));
    }
  }
}
