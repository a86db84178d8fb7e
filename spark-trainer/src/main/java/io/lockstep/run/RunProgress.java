package io.lockstep.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a run has come, as its directory tells whoever looks on; the process that works on it
 * knows nothing of that.
 *
 * @param state of the work
 * @param message why it ended, if that needs words; may be empty
 * @param owner who is at work on it, or was when it died
 * @param sessions whose work counts
 * @param rounds merged
 * @param epoch of the last of them, counted from 0
 * @param examples trained, over all epochs
 * @param epochExamples of the training split
 * @param loss of the last round
 * @param rate examples per second of training, over the last minute of it
 * @param seconds of training, over all sessions
 * @param evaluations the latest of each split, by its name
 * @param last event
 */
public record RunProgress(
    State state,
    String message,
    Optional<RunOwner> owner,
    int sessions,
    long rounds,
    int epoch,
    long examples,
    long epochExamples,
    OptionalDouble loss,
    OptionalDouble rate,
    double seconds,
    SortedMap<String, Measured> evaluations,
    Optional<Instant> last) {
  /** What is going on with a run. */
  public enum State {
    /** A process works on it, or may do so on another machine. */
    RUNNING("running"),
    /** It came to its plan's end. */
    FINISHED("finished"),
    /** It ended since the validation metric no longer improved. */
    EARLY("stopped early"),
    /** The user stopped it; it can be resumed. */
    STOPPED("stopped by user"),
    /** It failed; it can be resumed. */
    FAILED("failed"),
    /** The process that worked on it died; it can be resumed. */
    BROKEN_OFF("broken off");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** How tables and JSON call it. */
    public String word() {
      return word;
    }

    /** Whether the run can go on, and nobody is at it. */
    public boolean isResumable() {
      return this == STOPPED || this == FAILED || this == BROKEN_OFF;
    }

    private static State of(Outcome outcome) {
      return switch (outcome) {
        case FINISHED -> FINISHED;
        case EARLY -> EARLY;
        case STOPPED -> STOPPED;
        case FAILED -> FAILED;
      };
    }
  }

  /**
   * An evaluation.
   *
   * @param epoch after which it was made, counted from 0
   * @param result as {@code EvaluationResult.toJson} gives it
   */
  public record Measured(int epoch, JsonNode result) {}

  /** Reads the events of {@code run}, one by one, also while it is being written. */
  static RunProgress of(RunDirectory run) throws IOException {
    // The owner first: one that ends in between leaves its end in the events.
    Optional<RunOwner> owner = run.owner();
    var sum = new Sum();
    run.forEachEvent(sum::add);
    Optional<RunEvent.Ended> end = run.ending();
    State state =
        end.map(it -> State.of(it.outcome()))
            .orElse(owner.filter(RunOwner::mayLive).isPresent() ? State.RUNNING : State.BROKEN_OFF);
    return new RunProgress(
        state,
        end.map(RunEvent.Ended::message).orElse(""),
        owner,
        sum.sessions,
        sum.rounds,
        sum.epoch,
        sum.examples,
        sum.epochExamples,
        sum.rounds == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum.loss),
        sum.rate(),
        sum.seconds,
        sum.evaluations,
        sum.last);
  }

  /** What the events come to. */
  private static final class Sum {
    private static final double RECENT_SECONDS = 60;

    private final SortedMap<String, Measured> evaluations = new TreeMap<>();
    private final Deque<double[]> recent = new ArrayDeque<>(); // examples and seconds of rounds
    private int sessions;
    private long rounds;
    private int epoch;
    private long examples;
    private long epochExamples;
    private double loss;
    private double seconds;
    private double recentExamples;
    private double recentSeconds;
    private Optional<Instant> last = Optional.empty();

    void add(JsonNode event) {
      last = Optional.of(Instant.parse(event.path("time").asText()));
      switch (event.path("event").asText()) {
        case "start" -> {
          sessions++;
          epochExamples = event.path("examples").asLong();
        }
        case "round" -> round(event);
        case "evaluation" ->
            evaluations.put(
                event.path("split").asText(),
                new Measured(event.path("epoch").asInt(), event.path("result")));
        default -> {}
      }
    }

    private void round(JsonNode event) {
      double took = event.path("seconds").asDouble();
      double trained = event.path("examples").asLong();
      rounds = event.path("round").asLong() + 1;
      epoch = event.path("epoch").asInt();
      loss = event.path("loss").asDouble(Double.NaN);
      examples += event.path("examples").asLong();
      seconds += took;
      recent.add(new double[] {trained, took});
      recentExamples += trained;
      recentSeconds += took;
      while (recent.size() > 1 && recentSeconds - recent.peek()[1] >= RECENT_SECONDS) {
        double[] oldest = recent.remove();
        recentExamples -= oldest[0];
        recentSeconds -= oldest[1];
      }
    }

    private OptionalDouble rate() {
      return recentSeconds > 0
          ? OptionalDouble.of(recentExamples / recentSeconds)
          : OptionalDouble.empty();
    }
  }
}
