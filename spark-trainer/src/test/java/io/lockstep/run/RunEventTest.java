package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The lines are the documented ones, in this order of fields. */
class RunEventTest {
  private static String line(RunEvent event) {
    return event.toJson(Instant.parse("2026-11-21T12:00:00Z")).toString();
  }

  private static String head(String kind) {
    return "{\"event\":\"%s\",\"time\":\"2026-11-21T12:00:00Z\",".formatted(kind);
  }

  @Test
  void aStartNamesTheRunItBeganFromIfThereIsOne() {
    String common =
        "\"lockstep\":\"1\",\"plan\":\"p\",\"engine\":\"spark\",\"replicas\":2,"
            + "\"examples\":3,\"parameters\":4";
    assertThat(line(new RunEvent.Started("1", "p", "spark", 2, 3, 4)))
        .isEqualTo(head("start") + common + "}");
    assertThat(
            line(
                new RunEvent.Started(
                    "1", "p", "spark", 2, 3, 4, new Predecessor("runs/a", "c", "q", 5, 6))))
        .isEqualTo(
            head("start")
                + common
                + ",\"from\":{\"run\":\"runs/a\",\"checkpoint\":\"c\",\"plan\":\"q\","
                + "\"round\":5,\"step\":6}}");
  }

  @Test
  void aNumberThatIsNotFiniteIsAString() {
    assertThat(line(new RunEvent.Round(1, 0, 2, 3, Double.NaN, 0.5)))
        .isEqualTo(
            head("round")
                + "\"round\":1,\"epoch\":0,\"step\":2,\"examples\":3,\"loss\":\"NaN\",\"seconds\":0.5}");
    assertThat(line(new RunEvent.Round(1, 0, 2, 3, Double.NEGATIVE_INFINITY, 1e-9)))
        .contains("\"loss\":\"-Infinity\",\"seconds\":1.0E-9");
  }

  @Test
  void anEvaluationEndsWithItsResult() {
    assertThat(
            line(
                new RunEvent.Evaluated(
                    1, 0, "test", JsonNodeFactory.instance.objectNode().put("loss", 2.5), 0.25)))
        .isEqualTo(
            head("evaluation")
                + "\"round\":1,\"epoch\":0,\"split\":\"test\",\"seconds\":0.25,\"result\":{\"loss\":2.5}}");
  }

  @Test
  void theOthersAreTheirComponents() {
    assertThat(line(new RunEvent.Resumed(1, 2, "c", List.of("damaged"))))
        .isEqualTo(
            head("resume")
                + "\"round\":1,\"epoch\":2,\"checkpoint\":\"c\",\"skipped\":[\"damaged\"]}");
    assertThat(line(new RunEvent.Saved(1, 2, "c", 3, 0.5)))
        .isEqualTo(
            head("checkpoint")
                + "\"round\":1,\"epoch\":2,\"checkpoint\":\"c\",\"bytes\":3,\"seconds\":0.5}");
    assertThat(line(new RunEvent.Ended(RunEvent.Outcome.EARLY, 9, 1.5, "", 3)))
        .isEqualTo(
            head("end")
                + "\"outcome\":\"stopped"
                + " early\",\"round\":9,\"seconds\":1.5,\"message\":\"\",\"kept\":3}");
    var now = new Provenance(new TreeMap<>(Map.of("train", "aa")), "1.0", "all", "fma");
    assertThat(line(RunEvent.Circumstances.of(now, List.of())))
        .isEqualTo(
            head("provenance")
                + "\"data\":{\"train\":\"aa\"},\"build\":\"1.0\",\"kernels\":\"all\",\"arithmetic\":\"fma\"}");
  }
}
