package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.Settled;
import io.lockstep.ps.Padding;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * Something that happened in a run: one line of {@code events.jsonl}, with the components as
 * fields.
 *
 * <p>Rounds and epochs are counted from 0. A number that is not finite is written as a string,
 * {@code "NaN"} or {@code "Infinity"}.
 */
public sealed interface RunEvent {
  /** What {@code event} says in the line. */
  String kind();

  /** The line of this event, which happened at {@code time}. */
  default ObjectNode toJson(Instant time) {
    ObjectNode line = Json.tree(new Head(kind(), time.toString()));
    line.setAll(Json.tree(this));
    return line;
  }

  /** What each line begins with. */
  record Head(String event, String time) {}

  /**
   * A session begins.
   *
   * @param lockstep version
   * @param plan fingerprint
   * @param engine that executes the rounds
   * @param replicas of the plan
   * @param examples of the training split
   * @param parameters of the network
   * @param from the run whose last state this one began from, null if it began anew
   */
  @JsonInclude(Include.NON_NULL)
  record Started(
      String lockstep,
      String plan,
      String engine,
      int replicas,
      long examples,
      long parameters,
      Predecessor from)
      implements RunEvent {
    /** A run that began anew. */
    public Started(
        String lockstep, String plan, String engine, int replicas, long examples, long parameters) {
      this(lockstep, plan, engine, replicas, examples, parameters, null);
    }

    @Override
    public String kind() {
      return "start";
    }
  }

  /**
   * What decides the bits beside the plan; written by the session itself.
   *
   * @param data as in {@link Provenance}
   * @param build as there
   * @param kernels as there
   * @param arithmetic as there
   * @param changed what of it was different before, by the user's leave
   */
  @JsonInclude(Include.NON_EMPTY)
  record Circumstances(
      SortedMap<String, String> data,
      String build,
      String kernels,
      String arithmetic,
      List<String> changed)
      implements RunEvent {
    static final String KIND = "provenance";

    static Circumstances of(Provenance now, List<Provenance.Difference> changed) {
      return new Circumstances(
          now.data(),
          now.build(),
          now.kernels(),
          now.arithmetic(),
          changed.stream().map(Provenance.Difference::toString).toList());
    }

    @Override
    public String kind() {
      return KIND;
    }
  }

  /**
   * A source was read before the session began.
   *
   * @param split that its examples are for: {@code train} (and validation) or {@code test}
   * @param examples it has
   * @param pieces that it was read in, side by side
   * @param bytes of all files, as stored
   * @param bytesRead of them, as the file system counts them
   * @param skipped records that were left out, as {@code SkippedRecords.toJson} gives them; null if
   *     there are none
   */
  @JsonInclude(Include.NON_NULL)
  record Read(String split, long examples, int pieces, long bytes, long bytesRead, JsonNode skipped)
      implements RunEvent {
    /** What is known of {@code source}. */
    public static Read of(Part split, Settled source) {
      return new Read(
          split == Part.TEST ? "test" : "train",
          source.examples(),
          source.layout().splits().size(),
          source.layout().bytes(),
          source.bytesRead(),
          source.skipped().total() == 0 ? null : source.skipped().toJson());
    }

    @Override
    public String kind() {
      return "read";
    }
  }

  /**
   * A run goes on from a checkpoint.
   *
   * @param round next to come
   * @param epoch of that round
   * @param checkpoint it goes on from
   * @param skipped what is wrong with newer ones
   */
  record Resumed(long round, int epoch, String checkpoint, List<String> skipped)
      implements RunEvent {
    @Override
    public String kind() {
      return "resume";
    }
  }

  /**
   * A round was merged.
   *
   * @param round merged
   * @param epoch it belongs to
   * @param step optimizer steps of the merged state
   * @param examples trained in the round, over all replicas
   * @param loss mean over them
   * @param seconds the round took
   * @param padding time steps of its sequences, and those computed for them; null without sequences
   */
  @JsonInclude(Include.NON_NULL)
  record Round(
      long round, int epoch, long step, long examples, double loss, double seconds, Padding padding)
      implements RunEvent {
    /** A round without sequences. */
    public Round(long round, int epoch, long step, long examples, double loss, double seconds) {
      this(round, epoch, step, examples, loss, seconds, null);
    }

    @Override
    public String kind() {
      return "round";
    }
  }

  /**
   * The model was evaluated.
   *
   * @param round merged last
   * @param epoch it belongs to
   * @param split evaluated: {@code validation} or {@code test}
   * @param result as {@code EvaluationResult.toJson} gives it
   * @param seconds it took
   */
  @JsonPropertyOrder({"round", "epoch", "split", "seconds", "result"})
  record Evaluated(long round, int epoch, String split, JsonNode result, double seconds)
      implements RunEvent {
    @Override
    public String kind() {
      return "evaluation";
    }
  }

  /**
   * A checkpoint became visible. Written by the session itself.
   *
   * @param round next to come after it
   * @param epoch of that round
   * @param checkpoint its name
   * @param bytes of its state
   * @param seconds it took
   */
  record Saved(long round, int epoch, String checkpoint, long bytes, double seconds)
      implements RunEvent {
    @Override
    public String kind() {
      return "checkpoint";
    }
  }

  /**
   * What the rounds of this session took, in the mean and without the first.
   *
   * @param rounds that were measured
   * @param seconds of one
   * @param working seconds of those in which the slowest replica was at work
   */
  record Pace(long rounds, double seconds, double working) implements RunEvent {
    @Override
    public String kind() {
      return "pace";
    }
  }

  /**
   * What {@code lockstep plan} says of an epoch, beside what one took.
   *
   * @param where the run was executed, in words
   * @param step seconds of one, measured alone on the driver's machine after the run
   * @param epoch seconds of one, as predicted
   * @param measured seconds of one, as it was: of the mean round times rounds
   */
  record Predicted(String where, double step, double epoch, double measured) implements RunEvent {
    @Override
    public String kind() {
      return "prediction";
    }
  }

  /**
   * The process ends its work on the run.
   *
   * @param outcome why
   * @param round next to come, were it to go on
   * @param seconds of training in all sessions
   * @param message for the reader, such as what failed; may be empty
   * @param kept epoch whose model was kept, with early stopping; null if it is the last one's
   */
  @JsonInclude(Include.NON_NULL)
  record Ended(
      @JsonProperty(required = true) Outcome outcome,
      @JsonProperty(required = true) long round,
      double seconds,
      String message,
      Integer kept)
      implements RunEvent {
    static final String KIND = "end";

    /** An end without early stopping. */
    public Ended(Outcome outcome, long round, double seconds, String message) {
      this(outcome, round, seconds, message, null);
    }

    @Override
    public String kind() {
      return KIND;
    }
  }

  /** Why a process ends its work on a run. */
  enum Outcome {
    /** All epochs are done. */
    FINISHED("finished"),
    /** The validation metric no longer improved. */
    EARLY("stopped early"),
    /** The user asked to stop; the run can be resumed. */
    STOPPED("stopped by user"),
    /** Something failed; the message says what. */
    FAILED("failed");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** How files and tables call it. */
    @JsonValue
    public String word() {
      return word;
    }

    /** Whether the run has come to the end that its plan gives it. */
    public boolean isFinal() {
      return this == FINISHED || this == EARLY;
    }
  }
}
