package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.ps.TrainingState;
import io.lockstep.run.Checkpoint;
import io.lockstep.run.LedgerCheck;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunDirectory.IfExists;
import io.lockstep.run.RunDirectory.RecordedPlan;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.run.RunSession;
import io.lockstep.run.TrainingOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole loop, with its run directory, on small tables. */
class TrainerTest {
  private static final TrainingOrder.Shards NO_LENGTHS =
      (replica, block) -> {
        throw new AssertionError("nobody needs to know");
      };

  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;
  private LoadedData data;

  @ParameterizedTest
  @ValueSource(strings = {"mode: averaging, localSteps: 2", "mode: gradient, localSteps: 1"})
  void resumeEqualsUninterruptedBitForBit(String mode) throws IOException {
    PreparedRun run = prepare(200, "training={" + mode + ", replicas: 2, epochs: 3, batch: 16}");
    Trainer.Result whole = train(run, create(run, "whole"), () -> false);
    assertThat(whole.outcome()).isEqualTo(Outcome.FINISHED);

    RunDirectory broken = create(run, "broken");
    int rounds = (int) whole.end().position().round();
    int sessions = 0;
    Trainer.Result result;
    do {
      result = train(run, broken, stopAfter(2));
      sessions++;
    } while (result.outcome() == Outcome.STOPPED);

    assertThat(sessions).isEqualTo((rounds + 1) / 2);
    assertThat(result.end().state().sameBits(whole.end().state())).isTrue();
    assertThat(result.end().velocity()).isEqualTo(whole.end().velocity());
    assertThat(LedgerCheck.verify(broken.ledger(), run.order(NO_LENGTHS)).problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0} examples")
  @CsvSource({"2", "95", "182", "1008"}) // of a round of R b H = 96: R, -1, 1.9 times, 10.5 times
  void theLedgerProvesThatEachExampleIsTrainedOnceAnEpoch(int examples) throws IOException {
    PreparedRun run =
        prepare(
            examples,
            "training.epochs=2",
            "training.batch=16",
            "training.localSteps=3",
            "data.validation=0");
    RunDirectory directory = create(run, "ledger");
    Trainer.Result result = train(run, directory, () -> false);

    assertThat(result.end().position().examples()).isEqualTo(2L * examples);
    LedgerCheck.Report report = LedgerCheck.verify(directory.ledger(), run.order(NO_LENGTHS));
    assertThat(report.problems()).isEmpty();
    assertThat(report.completeEpochs()).isEqualTo(2);
    assertThat(report.trained()).isEqualTo(2L * examples);
  }

  @Test
  void oneExampleIsALedgerToo() throws IOException {
    PreparedRun run = prepare(1, "training.replicas=1", "data.validation=0", "training.epochs=3");
    RunDirectory directory = create(run, "one");
    train(run, directory, () -> false);
    assertThat(LedgerCheck.verify(directory.ledger(), run.order(NO_LENGTHS)).trained())
        .isEqualTo(3);
  }

  @Test
  void earlyStoppingKeepsTheBestNetworkAlsoAfterAResume() throws IOException {
    String[] settings = {
      "training.epochs=40",
      "training.earlyStopping={metric: loss, patience: 2}",
      "model.optimizer={adam: {learningRate: 0.3}}",
      "data.validation=0.3"
    };
    PreparedRun run = prepare(60, settings);
    Watching watch = new Watching();
    Trainer.Result whole = train(run, create(run, "whole"), watch, () -> false);

    assertThat(whole.outcome()).isEqualTo(Outcome.EARLY);
    int best = indexOfSmallest(watch.losses);
    assertThat(watch.losses).hasSize(best + 3);
    try (var engine = data.open(run.workload())) {
      double loss = engine.evaluate(whole.model(), Part.VALIDATION).result().metric("loss");
      assertThat(loss).isEqualTo(watch.losses.get(best));
    }

    RunDirectory broken = create(run, "broken");
    Trainer.Result result;
    do {
      result = train(run, broken, stopAfter(3));
    } while (result.outcome() == Outcome.STOPPED);
    assertThat(result.outcome()).isEqualTo(Outcome.EARLY);
    assertThat(result.model().sameBits(whole.model())).isTrue();
  }

  @Test
  void anEpochIsSavedBeforeItsEvaluationCanFailAndEvaluatedFirstWhenTheRunGoesOn()
      throws IOException {
    String[] settings = {
      "training.epochs=40",
      "training.earlyStopping={metric: loss, patience: 2}",
      "model.optimizer={adam: {learningRate: 0.3}}",
      "data.validation=0.3"
    };
    PreparedRun run = prepare(60, settings);
    RunDirectory whole = create(run, "whole");
    Trainer.Result expected = train(run, whole, () -> false);
    RunDirectory broken = create(run, "broken");
    int epochs = expected.end().position().epoch();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      assertThatThrownBy(() -> train(run, broken, EvaluatesOnce::new))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("NaN in the output");
      try (RunSession session = broken.begin(3, Clock.systemUTC())) {
        Checkpoint saved = session.checkpoint().orElseThrow();
        assertThat(saved.position().epoch()).isEqualTo(epoch);
        assertThat(saved.position().roundInEpoch()).isZero();
        assertThat(saved.toBeEvaluated()).isTrue();
      }
    }

    Trainer.Result result = train(run, broken, () -> false);

    assertThat(result.outcome()).isEqualTo(expected.outcome());
    assertThat(result.model().sameBits(expected.model())).isTrue();
    assertThat(result.end().patience()).isEqualTo(expected.end().patience());
    assertThat(evaluations(broken)).isEqualTo(evaluations(whole)).hasSize(epochs);
  }

  /** Epoch and loss of each evaluation that counts. */
  private static List<String> evaluations(RunDirectory directory) throws IOException {
    return directory.events().stream()
        .filter(event -> event.path("event").asText().equals("evaluation"))
        .map(event -> event.path("epoch") + " " + event.path("result").path("loss"))
        .toList();
  }

  /** An engine whose first evaluation succeeds if it is that of a resumed run, and no other. */
  private static final class EvaluatesOnce implements Engine {
    private final Engine engine;
    private boolean resumed;

    private EvaluatesOnce(Engine engine) {
      this.engine = engine;
    }

    @Override
    public Training begin() {
      return engine.begin();
    }

    @Override
    public Training resume(Snapshot snapshot) {
      resumed = true;
      return engine.resume(snapshot);
    }

    @Override
    public EvaluationAccumulator evaluate(TrainingState state, Part part) {
      if (!resumed) {
        throw new IllegalStateException("NaN in the output");
      }
      resumed = false;
      return engine.evaluate(state, part);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  @Test
  void aDivergedRunKeepsItsLastFiniteState() throws IOException {
    PreparedRun run = prepare(200, "model.optimizer={sgd: {learningRate: 1e300}}");
    RunDirectory directory = create(run, "diverged");
    assertThatThrownBy(() -> train(run, directory, () -> false))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("in epoch 1, round")
        .hasMessageContaining("smaller learning rate");
    try (RunSession session = directory.begin(3, Clock.systemUTC())) {
      TrainingState kept = session.checkpoint().map(Checkpoint::state).orElseThrow();
      for (float value : kept.parameters()) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  void learns() throws IOException {
    PreparedRun run = prepare(600, "training.epochs=20");
    Watching watch = new Watching();
    train(run, create(run, "learning"), watch, () -> false);
    assertThat(watch.last.metric("accuracy")).isGreaterThan(0.9);
  }

  @Test
  void momentumOutsideIsResumedToo() throws IOException {
    PreparedRun run =
        prepare(200, "training.outer={learningRate: 0.7, momentum: 0.9}", "training.epochs=2");
    Trainer.Result whole = train(run, create(run, "whole"), () -> false);
    RunDirectory broken = create(run, "broken");
    train(run, broken, stopAfter(3));
    Trainer.Result result = train(run, broken, () -> false);
    assertThat(result.end().state().sameBits(whole.end().state())).isTrue();
    assertThat(result.end().velocity()).isNotEmpty().isEqualTo(whole.end().velocity());
  }

  private Trainer.Result train(PreparedRun run, RunDirectory directory, BooleanSupplier stop)
      throws IOException {
    return train(run, directory, new Watching(), stop);
  }

  private Trainer.Result train(
      PreparedRun run, RunDirectory directory, UnaryOperator<Engine> changed) throws IOException {
    try (RunSession session = directory.begin(3, Clock.systemUTC());
        Engine engine = changed.apply(data.open(run.workload()))) {
      return new Trainer(run, engine, session, new Watching(), () -> false, System::nanoTime).run();
    }
  }

  private Trainer.Result train(
      PreparedRun run, RunDirectory directory, TrainingWatch watch, BooleanSupplier stop)
      throws IOException {
    try (RunSession session = directory.begin(3, Clock.systemUTC());
        Engine engine = data.open(run.workload())) {
      return new Trainer(run, engine, session, watch, stop, System::nanoTime).run();
    }
  }

  private static BooleanSupplier stopAfter(int rounds) {
    var asked = new AtomicInteger();
    return () -> asked.getAndIncrement() >= rounds;
  }

  private RunDirectory create(PreparedRun run, String name) {
    return RunDirectory.create(
        HADOOP,
        folder.resolve(name).toString(),
        new RecordedPlan(run.plan().toYaml(), run.fingerprint()),
        IfExists.REFUSE);
  }

  private PreparedRun prepare(int examples, String... settings) throws IOException {
    Path table = folder.resolve("table.csv");
    var random = new SplittableRandom(1);
    var text = new StringBuilder("a,b,c,yes\n");
    for (int i = 0; i < examples; i++) {
      double a = random.nextDouble() - 0.5;
      double b = random.nextDouble() - 0.5;
      text.append(a).append(',').append(b).append(',').append(random.nextDouble());
      text.append(',').append(a + b > 0 ? 1 : 0).append('\n');
    }
    Files.writeString(table, text);
    String plan =
        """
        name: table
        data:
          train: {csv: {path: %s, label: yes, classes: [0, 1]}}
          validation: 0.2
          normalize: standardize
        model:
          layers:
            - dense: {units: 8, activation: tanh}
            - dropout: {rate: 0.1}
            - dense: {units: 1, activation: sigmoid}
          loss: binaryCrossentropy
          optimizer: {adam: {learningRate: 0.02}}
        training: {replicas: 2, batch: 8, localSteps: 2, epochs: 1}
        """
            .formatted(table);
    ResolvedPlan resolved = PlanParser.resolve(plan, "table.yaml", List.of(settings));
    data = new InProcessPlace(HADOOP).load(PreparedRun.request(resolved.plan()));
    return PreparedRun.of(resolved, data.dealt(), HADOOP);
  }

  private static int indexOfSmallest(List<Double> values) {
    int smallest = 0;
    for (int i = 1; i < values.size(); i++) {
      smallest = values.get(i) < values.get(smallest) ? i : smallest;
    }
    return smallest;
  }

  private static final class Watching implements TrainingWatch {
    private final List<Double> losses = new ArrayList<>();
    private EvaluationResult last;

    @Override
    public void began(Position from) {}

    @Override
    public void round(Position next, double loss) {}

    @Override
    public void evaluated(int epoch, Part part, EvaluationResult result) {
      losses.add(result.metric("loss"));
      last = result;
    }

    @Override
    public void note(String line) {}
  }
}
