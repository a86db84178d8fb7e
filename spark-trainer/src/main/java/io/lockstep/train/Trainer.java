package io.lockstep.train;

import io.lockstep.data.order.LongRange;
import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.TrainingPlan.EarlyStopping;
import io.lockstep.ps.Padding;
import io.lockstep.ps.TrainingState;
import io.lockstep.run.Checkpoint;
import io.lockstep.run.LedgerRound;
import io.lockstep.run.Patience;
import io.lockstep.run.Position;
import io.lockstep.run.RunEvent;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.run.RunSession;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The training loop: round after round, from the newest checkpoint to the end of the plan.
 *
 * <p>Reads from top to bottom: {@link #run} is the loop, {@link #round} one round of it, {@link
 * #endEpoch} what happens between epochs. All that the loop remembers is a {@link Checkpoint}, so
 * going on after a crash is the same as not having crashed. An epoch is saved before it is
 * evaluated, so that nothing that goes wrong in its evaluation costs it; its checkpoint says so,
 * and whoever goes on from it evaluates first. Not thread-safe; {@code stop} may be answered by
 * another thread.
 */
public final class Trainer {
  private final PreparedRun run;
  private final Engine engine;
  private final RunSession session;
  private final TrainingWatch watch;
  private final BooleanSupplier stop;
  private final LongSupplier nanoClock;

  private Checkpoint now;
  private Training training;
  private long savedRound;
  private TrainingState bestState; // null unless early stopping keeps one

  /**
   * A trainer for one session of a run.
   *
   * @param stop asked before every round; true ends the session with a checkpoint
   * @param nanoClock such as {@link System#nanoTime}
   */
  public Trainer(
      PreparedRun run,
      Engine engine,
      RunSession session,
      TrainingWatch watch,
      BooleanSupplier stop,
      LongSupplier nanoClock) {
    this.run = run;
    this.engine = engine;
    this.session = session;
    this.watch = watch;
    this.stop = stop;
    this.nanoClock = nanoClock;
  }

  /**
   * What a session came to.
   *
   * @param outcome why it ended
   * @param end the last state of training
   * @param model the state to be used: the best one if early stopping keeps it, else the last
   */
  public record Result(Outcome outcome, Checkpoint end, TrainingState model) {}

  /**
   * Trains until the plan is done, early stopping ends it, or {@code stop} asks to.
   *
   * @throws NonFiniteException if the loss or a parameter became NaN or infinite; the state before
   *     that round is kept as a checkpoint
   * @throws LostWorkException if a round cannot be done; likewise
   * @throws IOException if the run directory cannot be written
   */
  public Result run() throws IOException {
    Optional<Checkpoint> from = session.checkpoint();
    try (Training opened =
        from.isPresent() ? engine.resume(snapshot(from.get())) : engine.begin()) {
      training = opened;
      now = from.orElseGet(this::beginning);
      bestState = session.best().map(Checkpoint::state).orElse(null);
      savedRound = from.isPresent() ? now.position().round() : -1;
      announce(now.state().parameters().length);
      return new Result(loop(), now, model());
    }
  }

  private static Snapshot snapshot(Checkpoint from) {
    Position position = from.position();
    return new Snapshot(
        from.state(),
        from.velocity(),
        from.carries(),
        new RoundRequest(position.epoch(), position.roundInEpoch()));
  }

  private Outcome loop() throws IOException {
    if (now.toBeEvaluated()) {
      evaluate();
    }
    while (now.position().epoch() < run.plan().training().epochs()) {
      if (outOfPatience()) {
        return Outcome.EARLY;
      }
      if (stop.getAsBoolean()) {
        save();
        return Outcome.STOPPED;
      }
      round();
    }
    return Outcome.FINISHED;
  }

  private Checkpoint beginning() {
    Snapshot start = training.snapshot();
    return new Checkpoint(
        run.fingerprint(),
        Position.START,
        start.state(),
        start.velocity(),
        Patience.NONE,
        start.carries(),
        false);
  }

  private void announce(int parameters) throws IOException {
    Position from = now.position();
    session.skipped().forEach(watch::note);
    session.record(
        new RunEvent.Started(
            Lockstep.version(),
            run.fingerprint(),
            run.plan().run().engine().name().toLowerCase(Locale.ROOT),
            run.plan().training().replicas(),
            run.data().count(Part.TRAINING),
            parameters,
            session.predecessor().orElse(null)));
    session.record(RunEvent.Read.of(Part.TRAINING, run.data().settled()));
    if (run.data().test().isPresent()) {
      session.record(RunEvent.Read.of(Part.TEST, run.data().test().get().settled()));
    }
    if (session.checkpoint().isPresent() && !isBeginning(from)) {
      session.record(
          new RunEvent.Resumed(
              from.round(),
              from.epoch(),
              session.checkpointName().orElseThrow(),
              session.skipped()));
    }
    watch.began(from);
  }

  /**
   * Whether the checkpoint is the one with which a run begins that takes up another one's state.
   */
  private boolean isBeginning(Position from) {
    return session.predecessor().isPresent() && from.round() == 0;
  }

  private void round() throws IOException {
    Position at = now.position();
    long start = nanoClock.getAsLong();
    Synchronization done;
    try {
      done = training.advance();
    } catch (NonFiniteException | LostWorkException e) {
      saveAfter(e);
      throw e;
    }
    double seconds = (nanoClock.getAsLong() - start) / 1e9;
    Snapshot after = training.snapshot();

    session.record(ledger(at, done));
    Padding padding = done.padding();
    session.record(
        new RunEvent.Round(
            at.round(),
            at.epoch(),
            after.state().step(),
            done.examples(),
            done.loss(),
            seconds,
            padding.computed() == 0 ? null : padding));
    Position next =
        new Position(
            at.round() + 1,
            after.next().epoch(),
            after.next().round(),
            at.examples() + done.examples(),
            at.seconds() + seconds);
    now =
        new Checkpoint(
            now.plan(),
            next,
            after.state(),
            after.velocity(),
            now.patience(),
            after.carries(),
            false);
    watch.round(next, done.loss());
    if (done.endsEpoch()) {
      endEpoch();
    } else if (checkpointDue(next)) {
      save();
    }
  }

  private LedgerRound ledger(Position at, Synchronization done) {
    EpochSchedule schedule = run.workload().steps().schedule();
    List<LedgerRound.Share> shares =
        done.shares().stream()
            .map(
                share -> {
                  LongRange positions = schedule.positions(share.replica(), at.roundInEpoch());
                  if (positions.size() != share.examples()) {
                    throw new IllegalStateException(
                        "replica %d trained %d examples in round %d, its share is %d"
                            .formatted(
                                share.replica(), share.examples(), at.round(), positions.size()));
                  }
                  return new LedgerRound.Share(
                      share.replica(), positions.from(), positions.to(), share.trained());
                })
            .toList();
    return new LedgerRound(at.round(), at.epoch(), shares);
  }

  private void endEpoch() throws IOException {
    int done = now.position().epoch();
    boolean last = done == run.plan().training().epochs();
    boolean due = done % run.plan().evaluation().every() == 0 || last;
    if (!due || run.data().count(Part.VALIDATION) == 0) {
      save();
      return;
    }
    now = now.asToBeEvaluated();
    save();
    evaluate();
  }

  /** Evaluates the epoch that ended where {@link #now} stands. */
  private void evaluate() throws IOException {
    int epoch = now.position().epoch() - 1;
    long start = nanoClock.getAsLong();
    EvaluationResult result =
        engine.evaluate(now.state(), Part.VALIDATION).result(run.data().labels());
    session.record(
        new RunEvent.Evaluated(
            now.position().round() - 1,
            epoch,
            "validation",
            result.toJson(),
            (nanoClock.getAsLong() - start) / 1e9));
    watch.evaluated(epoch, Part.VALIDATION, result);
    now = now.evaluated(consider(result, epoch));
  }

  /** Early stopping: is this the best network so far? It is kept if so. */
  private Patience consider(EvaluationResult result, int epoch) throws IOException {
    Optional<EarlyStopping> rule = run.plan().training().earlyStopping();
    Patience patience = now.patience();
    if (rule.isEmpty()) {
      return patience;
    }
    double metric = result.metric(rule.get().metric());
    if (!isBetter(metric, patience, rule.get())) {
      return new Patience(patience.best(), patience.withoutImprovement() + 1);
    }
    var best = new Patience.Best(metric, now.position().round(), epoch);
    var renewed = new Patience(Optional.of(best), 0);
    bestState = now.state();
    session.saveBest(now.evaluated(renewed));
    return renewed;
  }

  private static boolean isBetter(double metric, Patience patience, EarlyStopping rule) {
    if (Double.isNaN(metric)) {
      return false; // not defined for what the network says now, such as precision without a yes
    }
    if (patience.best().isEmpty()) {
      return true;
    }
    double gain = metric - patience.best().get().metric();
    return (rule.maximize() ? gain : -gain) > rule.minDelta();
  }

  private boolean outOfPatience() {
    return run.plan()
        .training()
        .earlyStopping()
        .filter(rule -> now.patience().withoutImprovement() >= rule.patience())
        .isPresent();
  }

  private boolean checkpointDue(Position next) {
    int every = run.plan().run().checkpointRounds();
    return every > 0 && next.round() % every == 0;
  }

  private void save() throws IOException {
    if (savedRound != now.position().round()) {
      session.save(now);
      savedRound = now.position().round();
    }
  }

  /** Saves where training stood before {@code failure}, which is what the user has to be told. */
  private void saveAfter(RuntimeException failure) {
    try {
      save();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private TrainingState model() {
    return bestState == null ? now.state() : bestState;
  }
}
