package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.InputException;
import io.lockstep.data.file.Failures;
import io.lockstep.data.file.Locations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * The directory that records a run, on any Hadoop file system.
 *
 * <p>Reading is always possible, also while a session writes. Writing goes through one {@link
 * RunSession} at a time. The files and their guarantees are in docs/run-directory.md.
 */
public final class RunDirectory {
  /** The resolved plan. */
  static final String PLAN = "plan.yaml";

  /** What makes a directory a run directory; written last when one is made. */
  static final String IDENTITY = "run.json";

  /** The network in DL4J's own format. */
  static final String MODEL = "model.zip";

  private static final String EVENTS = "events";
  private static final String EVENTS_WHOLE = "events.jsonl";
  private static final String LEDGER = "ledger";
  private static final String CHECKPOINTS = "checkpoints";

  /** What a run began with, beside its plan. */
  static final String PROVENANCE = "provenance.json";

  private final Files files;
  private final Path path;
  private final Identity identity;

  private RunDirectory(Files files, Path path, Identity identity) {
    this.files = files;
    this.path = path;
    this.identity = identity;
  }

  /**
   * What makes a directory that of a run.
   *
   * @param format {@value #FORMAT}
   * @param version of the layout of the whole directory; a session raises it to the newest
   * @param plan fingerprint
   * @param asked fingerprint of the plan as the user gave it, which may leave things to the data;
   *     null in directories older than this field
   * @param from the run whose last state it began from, null if it began anew
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Identity(String format, int version, String plan, String asked, Predecessor from) {
    static final String FORMAT = "lockstep-run";
    static final int VERSION = 2;
  }

  /** What to do if there is a run already. */
  public enum IfExists {
    /** Refuse, and say what can be done. */
    REFUSE,
    /** Delete the earlier run. */
    OVERWRITE
  }

  /** What to do if another process is, or may be, at work on the run. */
  public enum IfOwned {
    /** Refuse, and say which one. */
    REFUSE,
    /** Cut it off: what it still writes does not count, and it ends when it notices. */
    TAKE_OVER
  }

  /**
   * The plan as it is recorded.
   *
   * @param yaml resolved, with the origin of each value
   * @param fingerprint of all that decides the result; what a resumed plan is compared by
   * @param asked fingerprint of the plan as the user gave it, before its data was known; empty if
   *     that is not recorded
   */
  public record RecordedPlan(String yaml, String fingerprint, Optional<String> asked) {
    /** A plan of which no more is known. */
    public RecordedPlan(String yaml, String fingerprint) {
      this(yaml, fingerprint, Optional.empty());
    }
  }

  /** Writes a file's content; see {@link RunSession#writeModel}. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** As {@link #create(Configuration, String, RecordedPlan, IfExists, IfOwned)}, with no force. */
  public static RunDirectory create(
      Configuration hadoop, String directory, RecordedPlan plan, IfExists ifExists) {
    return create(hadoop, directory, plan, ifExists, IfOwned.REFUSE);
  }

  /**
   * Makes the directory of a new run and records its plan.
   *
   * @param directory any Hadoop path; parents are made
   * @throws InputException if it cannot be written to, holds something already, or is in use
   */
  public static RunDirectory create(
      Configuration hadoop,
      String directory,
      RecordedPlan plan,
      IfExists ifExists,
      IfOwned ifOwned) {
    return create(hadoop, directory, plan, Optional.empty(), ifExists, ifOwned);
  }

  /**
   * Makes the directory of a new run, which may begin from another one's last state, and records
   * its plan.
   *
   * @param directory any Hadoop path; parents are made
   * @param beginning from another run's state; sessions find it as the checkpoint of round 0
   * @throws InputException if it cannot be written to, holds something already, or is in use
   */
  public static RunDirectory create(
      Configuration hadoop,
      String directory,
      RecordedPlan plan,
      Optional<Beginning> beginning,
      IfExists ifExists,
      IfOwned ifOwned) {
    return writing(
        directory,
        () ->
            create(
                Files.of(directory, hadoop),
                Locations.path(directory),
                plan,
                beginning,
                ifExists,
                ifOwned));
  }

  /**
   * Sees whether {@link #create} would succeed now, and leaves nothing behind: for whoever has long
   * work to do before.
   *
   * @throws InputException as {@link #create} does
   */
  public static void checkCreatable(
      Configuration hadoop, String directory, IfExists ifExists, IfOwned ifOwned) {
    writing(
        directory,
        () -> {
          Files files = Files.of(directory, hadoop);
          checkCreatable(files, Locations.path(directory), ifExists, ifOwned);
          return true;
        });
  }

  static void checkCreatable(Files files, Path given, IfExists ifExists, IfOwned ifOwned)
      throws IOException {
    Path path = files.system().makeQualified(given);
    checkFree(files, path, given, ifExists);
    Ownership.checkFree(files, path, ifOwned);
    files.tryOut(Ownership.trial(path));
  }

  /**
   * Sees whether {@link #begin} would find the run in nobody's hands and a directory to write to,
   * and takes nothing: for whoever has long work to do before.
   *
   * @throws InputException if another process is, or may be, at work on the run, or if it cannot be
   *     written to
   */
  public void checkUsable(IfOwned ifOwned) {
    writing(
        path.toString(),
        () -> {
          Ownership.checkFree(files, path, ifOwned);
          files.tryOut(Ownership.trial(path));
          return true;
        });
  }

  /** Something that is done to a directory. */
  @FunctionalInterface
  private interface Work<T> {
    T done() throws IOException;
  }

  private static <T> T writing(String directory, Work<T> work) {
    try {
      return work.done();
    } catch (IOException | IllegalArgumentException | FSError e) {
      throw new InputException(
          """
          The run directory %s cannot be written to: %s. Mend that, or choose another one with \
          --set run.directory=PATH.\
          """
              .formatted(directory, Failures.reason(e)),
          e);
    }
  }

  static RunDirectory create(Files files, Path given, RecordedPlan plan, IfExists ifExists)
      throws IOException {
    return create(files, given, plan, Optional.empty(), ifExists, IfOwned.REFUSE);
  }

  static RunDirectory create(
      Files files,
      Path given,
      RecordedPlan plan,
      Optional<Beginning> beginning,
      IfExists ifExists,
      IfOwned ifOwned)
      throws IOException {
    Path path = files.system().makeQualified(given);
    checkFree(files, path, given, ifExists);
    if (!files.system().mkdirs(path)) {
      throw new IOException("it could not be made");
    }
    Predecessor from = beginning.map(Beginning::from).orElse(null);
    var directory =
        new RunDirectory(
            files,
            path,
            new Identity(
                Identity.FORMAT,
                Identity.VERSION,
                plan.fingerprint(),
                plan.asked().orElse(null),
                from));
    try (Ownership owner = directory.claim(ifOwned, Clock.systemUTC())) {
      checkFree(files, path, given, ifExists);
      clear(files, path);
      files.write(new Path(path, PLAN), plan.yaml());
      if (beginning.isPresent()) {
        new CheckpointStore(files, directory.checkpoints(), 1)
            .save(
                beginning.get().start(),
                owner.session(),
                new CheckpointStore.Logs(List.of(), List.of()),
                Optional.empty());
      }
      owner.check();
      directory.writeIdentity();
    }
    return directory;
  }

  private void writeIdentity() throws IOException {
    files.write(new Path(path, IDENTITY), Json.text(identity));
  }

  private static void checkFree(Files files, Path path, Path given, IfExists ifExists)
      throws IOException {
    if (files.system().exists(path) && files.system().getFileStatus(path).isFile()) {
      throw new IOException("it is a file");
    }
    List<String> names = files.names(path);
    if (names.contains(IDENTITY)) {
      if (ifExists == IfExists.REFUSE) {
        throw new InputException(
            """
            %1$s already holds a run. Continue it with --resume %1$s, replace it with \
            --overwrite, or choose another directory with --set run.directory=PATH.\
            """
                .formatted(given));
      }
    } else if (!isUnfinished(files, path, names)) {
      throw new InputException(
          """
          %s is not empty and is not a run directory, so nothing was written to it. Choose an \
          empty or new directory with --set run.directory=PATH.\
          """
              .formatted(given));
    }
  }

  /** Whether there is nothing but what a crash while making a run directory leaves. */
  private static boolean isUnfinished(Files files, Path path, List<String> names)
      throws IOException {
    Set<String> unfinished = Set.of(PLAN, PLAN + Files.ASIDE, IDENTITY + Files.ASIDE, CHECKPOINTS);
    if (!names.stream().allMatch(it -> unfinished.contains(it) || Ownership.isOwnerFile(it))) {
      return false;
    }
    if (!names.contains(CHECKPOINTS)) {
      return true;
    }
    List<String> checkpoints = files.names(new Path(path, CHECKPOINTS));
    return names.contains(PLAN) && checkpoints.stream().allMatch(CheckpointStore::isBeginning);
  }

  /** The plan goes first, so that a half-deleted run is not resumed, the identity last. */
  private static void clear(Files files, Path path) throws IOException {
    List<String> names = files.names(path);
    var order = new ArrayList<String>();
    names.stream()
        .filter(name -> !name.equals(PLAN) && !name.equals(IDENTITY))
        .filter(name -> !Ownership.isOwnerFile(name))
        .forEach(order::add);
    if (names.contains(IDENTITY)) {
      order.add(0, PLAN);
      order.add(IDENTITY);
    }
    for (String name : order) {
      files.system().delete(new Path(path, name), true);
    }
  }

  /**
   * Whether {@code directory} holds a run.
   *
   * @throws InputException if it cannot be read
   */
  public static boolean exists(Configuration hadoop, String directory) {
    try {
      Path file = new Path(Locations.path(directory), IDENTITY);
      return Files.of(directory, hadoop).system().exists(file);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(directory, e);
    }
  }

  private static InputException unreadable(String directory, Exception e) {
    return new InputException(
        "The run directory %s cannot be read: %s.".formatted(directory, Failures.reason(e)), e);
  }

  /**
   * Opens the directory of a run that exists.
   *
   * @throws InputException if there is none
   */
  public static RunDirectory open(Configuration hadoop, String directory) throws IOException {
    Path path = Locations.path(directory);
    try {
      return open(Files.of(directory, hadoop), path);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(directory, e);
    }
  }

  static RunDirectory open(Files files, Path given) throws IOException {
    Path path = files.system().makeQualified(given);
    try {
      Identity identity = Json.parse(files.read(new Path(path, IDENTITY)), Identity.class);
      if (!Identity.FORMAT.equals(identity.format())
          || identity.version() < 1
          || identity.version() > Identity.VERSION) {
        throw new InputException(
            "%s is of format '%s', version %d; this Lockstep reads '%s', version 1 to %d"
                .formatted(
                    new Path(path, IDENTITY),
                    identity.format(),
                    identity.version(),
                    Identity.FORMAT,
                    Identity.VERSION));
      }
      return new RunDirectory(files, path, identity);
    } catch (FileNotFoundException e) {
      throw new InputException(
          """
          There is no run in %s (no file %s). Give the directory that `lockstep train` named as \
          its run directory.\
          """
              .formatted(given, IDENTITY),
          e);
    } catch (JsonProcessingException e) {
      throw new InputException("%s is damaged".formatted(new Path(path, IDENTITY)), e);
    }
  }

  /** From now on only a Lockstep that knows what sessions of this one write may read it. */
  void raiseVersion() throws IOException {
    if (identity.version() < Identity.VERSION) {
      var raised =
          new Identity(
              Identity.FORMAT,
              Identity.VERSION,
              identity.plan(),
              identity.asked(),
              identity.from());
      new RunDirectory(files, path, raised).writeIdentity();
    }
  }

  /** The qualified path. */
  public Path path() {
    return path;
  }

  /** The plan as it was recorded. */
  public RecordedPlan plan() throws IOException {
    try {
      return new RecordedPlan(
          files.read(new Path(path, PLAN)), identity.plan(), Optional.ofNullable(identity.asked()));
    } catch (FileNotFoundException e) {
      throw new InputException(
          """
          %s has no %s: the run was being deleted when it was interrupted. Start it anew with \
          --overwrite.\
          """
              .formatted(path, PLAN),
          e);
    }
  }

  /**
   * Begins to work on the run: anew if it has no whole checkpoint, else from the newest one.
   *
   * @param keepCheckpoints newest checkpoints kept, at least 1
   * @param clock for the times of events
   */
  public RunSession begin(int keepCheckpoints, Clock clock) throws IOException {
    return begin(keepCheckpoints, clock, IfOwned.REFUSE);
  }

  /**
   * As {@link #begin(int, Clock)}.
   *
   * @throws InputException if another process is, or may be, at work on the run
   */
  public RunSession begin(int keepCheckpoints, Clock clock, IfOwned ifOwned) throws IOException {
    return RunSession.begin(this, keepCheckpoints, clock, ifOwned, Optional.empty(), Set.of());
  }

  /**
   * As {@link #begin(int, Clock, IfOwned)}, remembering what decides the bits beside the plan.
   *
   * @param now as it is in this session
   * @param accepted changes of it since the checkpoint to go on from that are wanted; see {@link
   *     RunSession#changed}
   * @throws InputException if another process is, or may be, at work on the run; or, naming each
   *     change that is not wanted and the way out. Nothing was written
   */
  public RunSession begin(
      int keepCheckpoints,
      Clock clock,
      IfOwned ifOwned,
      Provenance now,
      Set<Provenance.Aspect> accepted)
      throws IOException {
    return RunSession.begin(this, keepCheckpoints, clock, ifOwned, Optional.of(now), accepted);
  }

  Ownership claim(IfOwned ifOwned, Clock clock) throws IOException {
    return Ownership.claim(files, path, this::newestSession, ifOwned, clock);
  }

  private int newestSession() throws IOException {
    return Math.max(
        SegmentedLog.newestSession(files, eventSegments()),
        SegmentedLog.newestSession(files, ledgerSegments()));
  }

  /** Makes sure that the run is still the one that was opened, now that nobody else changes it. */
  void checkSame() throws IOException {
    if (!open(files, path).identity.plan().equals(identity.plan())) {
      throw new InputException(
          path + " was begun anew with another plan in the meantime: look whose run it is");
    }
  }

  /** The run from whose last state this one began, if it did. */
  public Optional<Predecessor> predecessor() {
    return Optional.ofNullable(identity.from());
  }

  /** What decided the bits in the newest session that said so, beside the plan. */
  public Optional<Provenance> provenance() throws IOException {
    try {
      return Optional.of(Json.parse(files.read(new Path(path, PROVENANCE)), Provenance.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException("%s is damaged".formatted(new Path(path, PROVENANCE)), e);
    }
  }

  /**
   * The newest state that is whole, of a run that need not be one's own; reads only.
   *
   * @return empty if the run has no checkpoint yet
   */
  public Optional<SavedState> newest() throws IOException {
    return new CheckpointStore(files, checkpoints(), 1)
        .newest()
        .restored()
        .map(found -> new SavedState(found.name(), found.checkpoint()));
  }

  /** How the newest session ended; empty if it still works or was cut off. */
  public Optional<RunEvent.Ended> ending() throws IOException {
    var last = new JsonNode[1];
    forEachEvent(event -> last[0] = event);
    if (last[0] == null || !last[0].path("event").asText().equals(RunEvent.Ended.KIND)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.parse(last[0], RunEvent.Ended.class));
    } catch (JsonProcessingException e) {
      throw new IOException("The events of %s end with a damaged line".formatted(path), e);
    }
  }

  /**
   * Whether the run has come to its plan's end and the model is written: there is nothing to go on
   * with. To be asked before a session begins.
   */
  public boolean finished() throws IOException {
    return hasModel() && ending().filter(end -> end.outcome().isFinal()).isPresent();
  }

  /** Who has the right to write into the directory; empty if nobody has. */
  public Optional<RunOwner> owner() throws IOException {
    return Ownership.newest(files, path);
  }

  /** How far the run has come; reads only, also while a session writes. */
  public RunProgress progress() throws IOException {
    return RunProgress.of(this);
  }

  /** The events that count, in order: see {@link RunEvent} for their fields. */
  public List<JsonNode> events() throws IOException {
    return new LogReader(files, eventSegments()).all();
  }

  /** As {@link #events}, one at a time. */
  void forEachEvent(LogReader.Lines events) throws IOException {
    new LogReader(files, eventSegments()).read(events);
  }

  /** What was trained, round by round. */
  public List<LedgerRound> ledger() throws IOException {
    var rounds = new ArrayList<LedgerRound>();
    forEachRound(rounds::add);
    return rounds;
  }

  /** Takes what was trained in one round. */
  @FunctionalInterface
  public interface Rounds {
    void accept(LedgerRound round) throws IOException;
  }

  /** As {@link #ledger}, one round at a time. */
  public void forEachRound(Rounds rounds) throws IOException {
    new LogReader(files, ledgerSegments()).read(line -> rounds.accept(LedgerRound.fromJson(line)));
  }

  /** Where the final model is, or will be. */
  public Path model() {
    return new Path(path, MODEL);
  }

  /** Whether the final model was written. */
  public boolean hasModel() throws IOException {
    return files.system().exists(model());
  }

  /** Writes the final model so that it appears whole. */
  void writeModel(Content content) throws IOException {
    files.write(model(), content::writeTo);
  }

  /**
   * Writes a further file of the record, such as {@code evaluation.json}, so that it appears whole.
   */
  void write(String name, Content content) throws IOException {
    files.write(new Path(path, name), content::writeTo);
  }

  /** Writes a further text file of the record so that it appears whole. */
  void write(String name, String text) throws IOException {
    files.write(new Path(path, name), text);
  }

  Files files() {
    return files;
  }

  Path eventSegments() {
    return new Path(path, EVENTS);
  }

  Path wholeEvents() {
    return new Path(path, EVENTS_WHOLE);
  }

  Path ledgerSegments() {
    return new Path(path, LEDGER);
  }

  Path checkpoints() {
    return new Path(path, CHECKPOINTS);
  }
}
