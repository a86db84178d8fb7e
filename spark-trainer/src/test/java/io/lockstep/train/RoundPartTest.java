package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.plan.TrainingPlan.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Sgd;

/** A recording tells what rounds are made of; the benchmark spark-tax reads it. */
class RoundPartTest {
  @TempDir private Path folder;

  @Test
  void aRecordingHasEachPartOfEachRound() throws IOException {
    // An epoch of two rounds: two replicas take two steps each, then one.
    Trial trial = new Digits(24, 0, 2).trial(Mode.AVERAGING, 4, 2, Nets.MLP.factory(new Sgd(0.1)));
    Path file = folder.resolve("rounds.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.lockstep.RoundPart");
      recording.start();
      trial.run(1);
      recording.stop();
      recording.dump(file);
    }
    Map<String, Long> parts =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("io.lockstep.RoundPart"))
            .collect(Collectors.groupingBy(RoundPartTest::name, Collectors.counting()));
    assertThat(parts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("round of -1", 2L),
                Map.entry("merge of -1", 2L),
                Map.entry("update of -1", 2L),
                Map.entry("task of 0", 2L),
                Map.entry("load of 0", 2L),
                Map.entry("minibatch of 0", 3L),
                Map.entry("step of 0", 3L),
                Map.entry("state of 0", 2L),
                Map.entry("task of 1", 2L),
                Map.entry("load of 1", 2L),
                Map.entry("minibatch of 1", 3L),
                Map.entry("step of 1", 3L),
                Map.entry("state of 1", 2L)));
  }

  private static String name(RecordedEvent event) {
    return event.getString("part") + " of " + event.getInt("replica");
  }
}
