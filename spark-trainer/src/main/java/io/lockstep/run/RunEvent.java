package io.lockstep.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened in a run: one line of {@code events.jsonl}.
 *
 * <p>Rounds and epochs are counted from 0. A number that is not finite is written as a string,
 * {@code "NaN"} or {@code "Infinity"}.
 */
public sealed interface RunEvent {
  /** What {@code event} says in the line. */
  String kind();

  /** Adds the fields of this event. */
  void fields(ObjectNode line);

  /** The line of this event, which happened at {@code time}. */
  default ObjectNode toJson(Instant time) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("event", kind()).put("time", time.toString());
    fields(line);
    return line;
  }

  private static void put(ObjectNode line, String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, value);
      return;
    }
    line.put(name, Double.toString(value));
  }

  /**
   * A run begins.
   *
   * @param lockstep version
   * @param plan fingerprint
   * @param engine that executes the rounds
   * @param replicas of the plan
   * @param examples of the training split
   * @param parameters of the network
   */
  record Started(
      String lockstep, String plan, String engine, int replicas, long examples, long parameters)
      implements RunEvent {
    @Override
    public String kind() {
      return "start";
    }

    @Override
    public void fields(ObjectNode line) {
      line.put("lockstep", lockstep).put("plan", plan).put("engine", engine);
      line.put("replicas", replicas).put("examples", examples).put("parameters", parameters);
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

    @Override
    public void fields(ObjectNode line) {
      line.put("round", round).put("epoch", epoch).put("checkpoint", checkpoint);
      skipped.forEach(line.putArray("skipped")::add);
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
   */
  record Round(long round, int epoch, long step, long examples, double loss, double seconds)
      implements RunEvent {
    @Override
    public String kind() {
      return "round";
    }

    @Override
    public void fields(ObjectNode line) {
      line.put("round", round).put("epoch", epoch).put("step", step).put("examples", examples);
      put(line, "loss", loss);
      put(line, "seconds", seconds);
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
  record Evaluated(long round, int epoch, String split, JsonNode result, double seconds)
      implements RunEvent {
    @Override
    public String kind() {
      return "evaluation";
    }

    @Override
    public void fields(ObjectNode line) {
      line.put("round", round).put("epoch", epoch).put("split", split);
      put(line, "seconds", seconds);
      line.set("result", result);
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

    @Override
    public void fields(ObjectNode line) {
      line.put("round", round).put("epoch", epoch).put("checkpoint", checkpoint);
      line.put("bytes", bytes);
      put(line, "seconds", seconds);
    }
  }

  /**
   * The process ends its work on the run.
   *
   * @param outcome why
   * @param round next to come, were it to go on
   * @param seconds of training in all sessions
   * @param message for the reader, such as what failed; may be empty
   */
  record Ended(Outcome outcome, long round, double seconds, String message) implements RunEvent {
    @Override
    public String kind() {
      return "end";
    }

    @Override
    public void fields(ObjectNode line) {
      line.put("outcome", outcome.word()).put("round", round);
      put(line, "seconds", seconds);
      line.put("message", message);
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
    public String word() {
      return word;
    }
  }
}
