package io.lockstep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
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
  private static final String FORMAT = "lockstep-run";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Files files;
  private final Path path;
  private final String fingerprint;

  private RunDirectory(Files files, Path path, String fingerprint) {
    this.files = files;
    this.path = path;
    this.fingerprint = fingerprint;
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
   */
  public record RecordedPlan(String yaml, String fingerprint) {}

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
    Path path = path(directory);
    try {
      return create(Files.of(path, hadoop), path, plan, ifExists, ifOwned);
    } catch (IOException e) {
      throw new InputException(
          """
          The run directory %s cannot be written to: %s. Mend its permissions or the path, or \
          choose another with --set run.directory=PATH.\
          """
              .formatted(directory, reason(e)),
          e);
    }
  }

  static RunDirectory create(Files files, Path given, RecordedPlan plan, IfExists ifExists)
      throws IOException {
    return create(files, given, plan, ifExists, IfOwned.REFUSE);
  }

  private static RunDirectory create(
      Files files, Path given, RecordedPlan plan, IfExists ifExists, IfOwned ifOwned)
      throws IOException {
    Path path = files.system().makeQualified(given);
    checkFree(files.names(path), given, ifExists);
    if (!files.system().mkdirs(path)) {
      throw new IOException("it could not be made");
    }
    var directory = new RunDirectory(files, path, plan.fingerprint());
    try (Ownership owner = directory.claim(ifOwned, Clock.systemUTC())) {
      List<String> names = files.names(path);
      checkFree(names, given, ifExists);
      if (names.contains(IDENTITY)) {
        clear(files, path, names);
      }
      files.write(new Path(path, PLAN), plan.yaml());
      ObjectNode identity = JsonNodeFactory.instance.objectNode();
      identity.put("format", FORMAT).put("version", VERSION).put("plan", plan.fingerprint());
      owner.check();
      files.write(new Path(path, IDENTITY), identity.toPrettyString() + "\n");
    }
    return directory;
  }

  private static void checkFree(List<String> names, Path given, IfExists ifExists) {
    if (names.contains(IDENTITY)) {
      if (ifExists == IfExists.REFUSE) {
        throw new InputException(
            """
            %1$s already holds a run. Continue it with --resume %1$s, replace it with \
            --overwrite, or choose another directory with --set run.directory=PATH.\
            """
                .formatted(given));
      }
    } else if (!isUnfinished(names)) {
      throw new InputException(
          """
          %s is not empty and is not a run directory, so nothing was written to it. Choose an \
          empty or new directory with --set run.directory=PATH.\
          """
              .formatted(given));
    }
  }

  /** Whether there is nothing but what a crash while making a run directory leaves. */
  private static boolean isUnfinished(List<String> names) {
    Set<String> unfinished = Set.of(PLAN, PLAN + Files.ASIDE, IDENTITY + Files.ASIDE);
    return names.stream().allMatch(it -> unfinished.contains(it) || Ownership.isOwnerFile(it));
  }

  /** The plan goes first, so that a half-deleted run is not resumed, the identity last. */
  private static void clear(Files files, Path path, List<String> names) throws IOException {
    var order = new ArrayList<String>(List.of(PLAN));
    names.stream()
        .filter(name -> !name.equals(PLAN) && !name.equals(IDENTITY))
        .filter(name -> !Ownership.isOwnerFile(name))
        .forEach(order::add);
    order.add(IDENTITY);
    for (String name : order) {
      files.system().delete(new Path(path, name), true);
    }
  }

  private static Path path(String directory) {
    try {
      return new Path(directory);
    } catch (IllegalArgumentException e) {
      throw new InputException("'%s' is not a path: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /**
   * Opens the directory of a run that exists.
   *
   * @throws InputException if there is none
   */
  public static RunDirectory open(Configuration hadoop, String directory) throws IOException {
    Path path = path(directory);
    return open(Files.of(path, hadoop), path);
  }

  static RunDirectory open(Files files, Path given) throws IOException {
    Path path = files.system().makeQualified(given);
    try {
      JsonNode identity = JSON.readTree(files.read(new Path(path, IDENTITY)));
      String format = identity.path("format").asText();
      int version = identity.path("version").asInt();
      if (!format.equals(FORMAT) || version != VERSION) {
        throw new InputException(
            "%s is of format '%s', version %d; this Lockstep reads '%s', version %d"
                .formatted(new Path(path, IDENTITY), format, version, FORMAT, VERSION));
      }
      return new RunDirectory(files, path, identity.path("plan").asText());
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

  /** The qualified path. */
  public Path path() {
    return path;
  }

  /** The plan as it was recorded. */
  public RecordedPlan plan() throws IOException {
    try {
      return new RecordedPlan(files.read(new Path(path, PLAN)), fingerprint);
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
    return RunSession.begin(this, keepCheckpoints, clock, ifOwned);
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
    if (!open(files, path).fingerprint.equals(fingerprint)) {
      throw new InputException(
          path + " was begun anew with another plan in the meantime: look whose run it is");
    }
  }

  /** The events that count, in order: see {@link RunEvent} for their fields. */
  public List<JsonNode> events() throws IOException {
    return SegmentedLog.read(files, eventSegments());
  }

  /** What was trained, round by round. */
  public List<LedgerRound> ledger() throws IOException {
    var rounds = new ArrayList<LedgerRound>();
    for (JsonNode line : SegmentedLog.read(files, ledgerSegments())) {
      rounds.add(LedgerRound.fromJson(line));
    }
    return rounds;
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
