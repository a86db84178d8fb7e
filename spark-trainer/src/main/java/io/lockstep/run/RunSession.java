package io.lockstep.run;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One process's work on a run: it writes events, the ledger and checkpoints.
 *
 * <p>A checkpoint states how far both logs were, and their segments are closed before it becomes
 * visible. So whoever resumes from it finds each round before it exactly once in both, and nothing
 * after it, also where a file is seen only when it is closed. Between checkpoints the events are
 * handed over once a second.
 *
 * <p>Not thread-safe.
 */
public final class RunSession implements Closeable {
  private static final Duration BETWEEN_FLUSHES = Duration.ofSeconds(1);

  private final RunDirectory directory;
  private final Ownership owner;
  private final CheckpointStore store;
  private final CheckpointStore.Recovery recovery;
  private final SegmentedLog events;
  private final SegmentedLog ledger;
  private final List<Provenance.Difference> changed;
  private final Clock clock;
  private Instant flushed;
  private long round;
  private double seconds;
  private Optional<Provenance> provenance;
  private Optional<RunEvent> circumstances = Optional.empty(); // yet to be recorded

  private RunSession(
      RunDirectory directory,
      Ownership owner,
      CheckpointStore store,
      CheckpointStore.Recovery recovery,
      SegmentedLog events,
      SegmentedLog ledger,
      List<Provenance.Difference> changed,
      Clock clock) {
    this.directory = directory;
    this.owner = owner;
    this.store = store;
    this.recovery = recovery;
    this.events = events;
    this.ledger = ledger;
    this.changed = List.copyOf(changed);
    this.clock = clock;
    this.flushed = clock.instant();
    Position from = checkpoint().map(Checkpoint::position).orElse(Position.START);
    this.round = from.round();
    this.seconds = from.seconds();
    this.provenance = recovery.restored().flatMap(CheckpointStore.Restored::provenance);
  }

  static RunSession begin(
      RunDirectory directory,
      int keepCheckpoints,
      Clock clock,
      RunDirectory.IfOwned ifOwned,
      Optional<Provenance> now,
      Set<Provenance.Aspect> accepted)
      throws IOException {
    Ownership owner = directory.claim(ifOwned, clock);
    RunSession begun = null;
    try {
      directory.checkSame();
      begun = begin(directory, owner, keepCheckpoints, clock, now, accepted);
      return begun;
    } finally {
      if (begun == null) {
        owner.close();
      }
    }
  }

  private static RunSession begin(
      RunDirectory directory,
      Ownership owner,
      int keepCheckpoints,
      Clock clock,
      Optional<Provenance> now,
      Set<Provenance.Aspect> accepted)
      throws IOException {
    Files files = directory.files();
    var store = new CheckpointStore(files, directory.checkpoints(), keepCheckpoints);
    CheckpointStore.Recovery recovery = store.restore(directory.plan().fingerprint());
    Optional<CheckpointStore.Restored> restored = recovery.restored();
    Optional<Provenance> then = restored.flatMap(CheckpointStore.Restored::provenance);
    List<Provenance.Difference> changed =
        now.isPresent() && then.isPresent()
            ? then.get().check(now.get(), accepted, directory.path())
            : List.of();
    directory.raiseVersion();
    CheckpointStore.Logs logs =
        restored
            .map(CheckpointStore.Restored::logs)
            .orElse(new CheckpointStore.Logs(List.of(), List.of()));
    // The ledger first: the events of a session are read only once its ledger is sound.
    SegmentedLog ledger =
        SegmentedLog.begin(files, directory.ledgerSegments(), owner.session(), logs.ledger());
    SegmentedLog events =
        SegmentedLog.begin(files, directory.eventSegments(), owner.session(), logs.events());
    store.tidy(recovery);
    var session = new RunSession(directory, owner, store, recovery, events, ledger, changed, clock);
    if (now.isPresent()) {
      session.remember(now.get());
    }
    return session;
  }

  /** The run from whose last state this one began, if it did. */
  public Optional<Predecessor> predecessor() {
    return directory.predecessor();
  }

  /** The checkpoint to go on from; empty if the run begins. */
  public Optional<Checkpoint> checkpoint() {
    return recovery.restored().map(CheckpointStore.Restored::checkpoint);
  }

  /** Name of {@link #checkpoint}. */
  public Optional<String> checkpointName() {
    return recovery.restored().map(CheckpointStore.Restored::name);
  }

  /** The best model as of {@link #checkpoint}, if early stopping had one. */
  public Optional<Checkpoint> best() {
    return recovery.restored().flatMap(CheckpointStore.Restored::best);
  }

  /** What is wrong with each newer checkpoint that was skipped, one sentence each. */
  public List<String> skipped() {
    return recovery.skipped();
  }

  /** What decides the bits beside the plan and has changed since then, by the user's leave. */
  public List<Provenance.Difference> changed() {
    return changed;
  }

  /** In the record, and with each checkpoint from now on. */
  private void remember(Provenance now) throws IOException {
    directory.write(RunDirectory.PROVENANCE, Json.text(now));
    provenance = Optional.of(now);
    circumstances = Optional.of(RunEvent.Circumstances.of(now, changed));
  }

  /**
   * Appends one event.
   *
   * @throws LostOwnershipException if another process took the run over, as all methods that write
   */
  public void record(RunEvent event) throws IOException {
    Instant now = clock.instant();
    boolean first = event instanceof RunEvent.Started; // of the session: stays so
    if (!first) {
      recordCircumstances(now);
    }
    events.append(event.toJson(now));
    if (first) {
      recordCircumstances(now);
    }
    if (event instanceof RunEvent.Round merged) {
      round = merged.round() + 1;
      seconds += merged.seconds();
    }
    if (Duration.between(flushed, now).compareTo(BETWEEN_FLUSHES) >= 0) {
      owner.check();
      events.flush();
      flushed = now;
    }
  }

  private void recordCircumstances(Instant now) throws IOException {
    if (circumstances.isPresent()) {
      events.append(circumstances.get().toJson(now));
      circumstances = Optional.empty();
    }
  }

  /** Appends what was trained in a round that was merged. */
  public void record(LedgerRound round) throws IOException {
    ledger.append(round.toJson());
  }

  /** Keeps the best model so far beside the checkpoints; the next {@link #save} needs it. */
  public void saveBest(Checkpoint checkpoint) throws IOException {
    owner.check();
    store.saveBest(checkpoint, owner.session());
  }

  /** Makes {@code checkpoint} visible: from now on the run can be resumed from it. */
  public void save(Checkpoint checkpoint) throws IOException {
    Instant start = clock.instant();
    owner.check();
    recordCircumstances(start);
    var logs = new CheckpointStore.Logs(events.seal(), ledger.seal());
    CheckpointStore.Written written = store.save(checkpoint, owner.session(), logs, provenance);
    if (written.needed().isPresent()) {
      List<CheckpointStore.Logs> needed = written.needed().get();
      events.tidy(it -> needed.stream().anyMatch(kept -> isIn(kept.events(), it)));
      ledger.tidy(it -> needed.stream().anyMatch(kept -> isIn(kept.ledger(), it)));
    }
    Position position = checkpoint.position();
    double taken = Duration.between(start, clock.instant()).toNanos() / 1e9;
    record(
        new RunEvent.Saved(
            position.round(), position.epoch(), written.name(), written.bytes(), taken));
  }

  private static boolean isIn(List<LogSegment> segments, LogSegment segment) {
    return segments.stream().anyMatch(segment::isSame);
  }

  /** Writes the final model so that it appears whole. */
  public void writeModel(RunDirectory.Content content) throws IOException {
    owner.check();
    directory.writeModel(content);
  }

  /**
   * Writes a further file of the record, such as {@code evaluation.json}, so that it appears whole.
   */
  public void write(String name, RunDirectory.Content content) throws IOException {
    owner.check();
    directory.write(name, content);
  }

  /** Records that the work failed after the last round recorded; see {@link #end}. */
  public void fail(String message) throws IOException {
    end(new RunEvent.Ended(RunEvent.Outcome.FAILED, round, seconds, message));
  }

  /** Records the end and writes all events that count into one file, {@code events.jsonl}. */
  public void end(RunEvent.Ended ended) throws IOException {
    owner.check();
    record(ended);
    ledger.seal();
    events.seal();
    directory
        .files()
        .write(
            directory.wholeEvents(),
            out ->
                directory.forEachEvent(
                    event -> out.write((event + "\n").getBytes(StandardCharsets.UTF_8))));
  }

  /** Closes the logs; the run can be resumed from its newest checkpoint. */
  @Override
  public void close() throws IOException {
    try (owner;
        ledger) {
      events.close();
    }
  }
}
