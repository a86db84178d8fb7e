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

  /** A file of settings with which a JVM records the parts of rounds and nothing else. */
  static final String SETTINGS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <configuration version="2.0">
        <event name="%s">
          <setting name="enabled">true</setting>
          <setting name="threshold">0 ns</setting>
        </event>
      </configuration>
      """
          .formatted(EVENT);

  /** Milliseconds of each part in each round, in the order of a round. */
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  private RoundParts() {}

  /**
   * Runs {@code rounds} and takes them apart; twice as many before them only warm up, since a
   * recording that begins makes the JVM compile anew whatever its events stand in.
   */
  static RoundParts of(SparkRounds spark, int rounds) throws IOException {
    Path file = Files.createTempFile("rounds", ".jfr");
    try (Recording recording = recording()) {
      spark.run(2 * rounds);
      Instant warm = Instant.now();
      spark.run(rounds);
      recording.stop();
      recording.dump(file);
      return of(events(file), warm, Instant.now());
    } finally {
      Files.delete(file);
    }
  }

  /** A recording of the parts of rounds in this JVM, which has begun. */
  static Recording recording() {
    Recording recording = new Recording();
    recording.enable(EVENT).withThreshold(Duration.ZERO);
    recording.start();
    return recording;
  }

  /** The parts of rounds in the file of a recording. */
  static List<RecordedEvent> events(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(EVENT))
        .toList();
  }

  /**
   * Takes the rounds apart that lie between two moments; their parts may come from several JVMs.
   */
  static RoundParts of(List<RecordedEvent> recorded, Instant from, Instant to) {
    List<RecordedEvent> events =
        recorded.stream()
            .filter(event -> within(event, from, to))
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
    double send = sum("send", events);
    double fetch = sum("fetch", events) / tasks.size();
    double load = sum("load", events) / tasks.size();
    double minibatches = sum("minibatch", events) / tasks.size();
    double steps = sum("step", events) / tasks.size();
    double state = sum("state", events) / tasks.size();
    double reply = sum("reply", events) / tasks.size();
    double all = mean(tasks, it -> millis(it.getDuration()));
    add("state made ready", send);
    add(
        "until a task begins",
        mean(tasks, it -> between(round.getStartTime(), it.getStartTime())) - send - fetch);
    add("state fetched", fetch);
    add("state into the network", load);
    add("minibatches assembled", minibatches);
    add("steps", steps);
    add("state out of the network", state);
    add("other work of a task", all - load - minibatches - steps - state);
    add("reply sent", reply);
    add("waiting for the slower replica", mean(tasks, it -> between(it.getEndTime(), last)));
    add("until the driver has all", between(last, merge.getStartTime()) - reply);
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
    print(out, columns, 9);
  }

  /** As above, in columns of {@code width} characters. */
  static void print(PrintWriter out, List<RoundParts> columns, int width) {
    for (String part : columns.get(0).millis.keySet()) {
      out.printf("%-32s", part);
      for (RoundParts each : columns) {
        out.printf(" %" + width + ".2f", Median.of(each.millis.get(part)));
      }
      out.println();
    }
  }
}
