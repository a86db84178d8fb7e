package io.lockstep.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * What rounds spend their time on, from the trainer's events in a recording of the JDK's Flight
 * Recorder. Parts of a replica are the mean of the replicas; all parts of a round add up to it.
 */
final class RoundParts {
  private static final String EVENT = "io.lockstep.RoundPart";

  /** Milliseconds of each part in each round, in the order of a round. */
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  private RoundParts() {}

  /**
   * Runs {@code rounds} and takes them apart; twice as many before them only warm up, since a
   * recording that begins makes the JVM compile anew whatever its events stand in.
   */
  static RoundParts of(SparkRounds spark, int rounds) throws IOException {
    Path file = Files.createTempFile("rounds", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).withThreshold(Duration.ZERO);
      recording.start();
      spark.run(2 * rounds);
      Instant warm = Instant.now();
      spark.run(rounds);
      recording.stop();
      recording.dump(file);
      return taken(RecordingFile.readAllEvents(file), warm);
    } finally {
      Files.delete(file);
    }
  }

  private static RoundParts taken(List<RecordedEvent> recorded, Instant since) {
    List<RecordedEvent> events =
        recorded.stream()
            .filter(event -> event.getEventType().getName().equals(EVENT))
            .filter(event -> event.getStartTime().isAfter(since))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();
    RoundParts parts = new RoundParts();
    for (RecordedEvent round : named("round", events)) {
      Instant end = round.getEndTime();
      parts.take(
          round,
          events.stream().filter(event -> within(event, round.getStartTime(), end)).toList());
    }
    for (RecordedEvent update : named("update", events)) {
      parts.add("next state", millis(update.getDuration()));
    }
    return parts;
  }

  private static boolean within(RecordedEvent event, Instant from, Instant to) {
    return !event.getStartTime().isBefore(from) && !event.getEndTime().isAfter(to);
  }

  private static List<RecordedEvent> named(String part, List<RecordedEvent> events) {
    return events.stream().filter(event -> event.getString("part").equals(part)).toList();
  }

  private void take(RecordedEvent round, List<RecordedEvent> events) {
    List<RecordedEvent> tasks = named("task", events);
    Instant last =
        tasks.stream().map(RecordedEvent::getEndTime).max(Comparator.naturalOrder()).orElseThrow();
    RecordedEvent merge = named("merge", events).get(0);
    add("until a task begins", mean(tasks, it -> between(round.getStartTime(), it.getStartTime())));
    double load = sum("load", events) / tasks.size();
    double minibatches = sum("minibatch", events) / tasks.size();
    double steps = sum("step", events) / tasks.size();
    double state = sum("state", events) / tasks.size();
    double all = mean(tasks, it -> millis(it.getDuration()));
    add("state into the network", load);
    add("minibatches assembled", minibatches);
    add("steps", steps);
    add("state out of the network", state);
    add("other work of a task", all - load - minibatches - steps - state);
    add("waiting for the slower replica", mean(tasks, it -> between(it.getEndTime(), last)));
    add("until the driver has all", between(last, merge.getStartTime()));
    add("averaging", millis(merge.getDuration()));
    add("until the round is over", between(merge.getEndTime(), round.getEndTime()));
    add("all of this", millis(round.getDuration()));
  }

  private void add(String part, double value) {
    millis.computeIfAbsent(part, name -> new ArrayList<>()).add(value);
  }

  private static double sum(String part, List<RecordedEvent> events) {
    return named(part, events).stream().mapToDouble(it -> millis(it.getDuration())).sum();
  }

  private interface Of {
    double millis(RecordedEvent event);
  }

  private static double mean(List<RecordedEvent> events, Of of) {
    return events.stream().mapToDouble(of::millis).average().orElseThrow();
  }

  private static double between(Instant from, Instant to) {
    return millis(Duration.between(from, to));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** A line for each part, with its median in each of {@code columns}. */
  static void print(PrintWriter out, List<RoundParts> columns) {
    for (String part : columns.get(0).millis.keySet()) {
      out.printf("%-32s", part);
      for (RoundParts each : columns) {
        out.printf(" %9.2f", Median.of(each.millis.get(part)));
      }
      out.println();
    }
  }
}
