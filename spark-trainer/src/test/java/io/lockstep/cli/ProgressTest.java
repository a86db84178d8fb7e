package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Terminal TERMINAL = new Terminal(true, 80, true, false);
  private static final String BEGIN =
      "training begins; the first round also loads natives and networks";
  private static final Progress.Extent EXTENT = new Progress.Extent(3, 1000, 0);

  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written);
  private long nanos = 5_000_000_000L;

  private Progress progress(Progress.Mode mode, Terminal terminal) {
    return Progress.of(mode, terminal, out, () -> nanos);
  }

  private void pass(double seconds) {
    nanos += Math.round(seconds * 1e9);
  }

  /** What a terminal shows in the end: a carriage return begins the line again. */
  private List<String> shown() {
    return Arrays.stream(written.toString().split("\n"))
        .map(line -> line.substring(line.lastIndexOf('\r') + 1).replace("\033[K", ""))
        .toList();
  }

  private static EvaluationResult evaluation() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, 3, 2));
    float[] labels = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
    float[] outputs = {.9f, .1f, 0, .2f, .7f, .1f, .5f, .1f, .4f, .1f, .2f, .7f};
    accumulator.add(outputs, labels, 4, 0.25);
    return accumulator.result(List.of("cat", "dog", "newt"));
  }

  @Test
  void theBarShowsEpochShareRateLossAndWhatRemains() {
    try (Progress bar = progress(Progress.Mode.AUTO, TERMINAL)) {
      bar.begin(EXTENT);
      pass(1);
      bar.round(500, 0.5);
    }

    assertThat(shown())
        .containsExactly(
            "epoch 1/3 ━━━━━━━━━━━━━━━───────────────"
                .concat("   50%  500 ex/s  loss 0.5000  ETA 0:05"));
  }

  @Test
  void theBarShowsHowReadingComesAlongAndLeavesNothingOfIt() {
    try (Progress bar = progress(Progress.Mode.BAR, TERMINAL)) {
      pass(1);
      bar.loading("reading churn.csv", 0.25);
      assertThat(shown())
          .containsExactly(
              "reading churn.csv ━━━━━━━━━━──────────────────────────────".concat("   25%"));
      bar.loading("reading churn.csv", 1);
      bar.note("next");
    }

    assertThat(shown()).containsExactly("next");
  }

  @Test
  void aLongPathLeavesRoomForTheBar() {
    for (int columns = 40; columns <= 200; columns++) {
      written.getBuffer().setLength(0);
      try (Progress bar = progress(Progress.Mode.BAR, new Terminal(true, columns, true, false))) {
        pass(1);
        bar.loading("reading " + "hdfs://cluster/".repeat(20), 0.5);
        assertThat(shown().get(0)).hasSizeLessThan(columns).contains("━──").endsWith("50%");
        bar.loading("", 1);
      }
    }
  }

  @Test
  void plainLinesTellOfReadingAfterTwoSecondsAndThenEveryTen() {
    try (Progress lines = progress(Progress.Mode.PLAIN, TERMINAL)) {
      for (int second = 1; second <= 25; second++) {
        pass(1);
        lines.loading("reading churn.csv", second / 30.0);
      }
      lines.loading("dealing the examples to replicas", 0);
      pass(1);
      lines.loading("dealing the examples to replicas", 1);
    }

    assertThat(shown())
        .containsExactly(
            "reading churn.csv: 10%", "reading churn.csv: 43%", "reading churn.csv: 76%");
  }

  @Test
  void theBarFitsTheTerminalWhateverItsWidth() {
    for (int columns = 40; columns <= 200; columns++) {
      written.getBuffer().setLength(0);
      try (Progress bar = progress(Progress.Mode.BAR, new Terminal(true, columns, true, false))) {
        bar.begin(new Progress.Extent(100, 1_234_567, 0));
        pass(1);
        bar.evaluated("epoch 1  validation", evaluation());
        bar.round(54_321_987, 12345.6789);
      }
      List<String> lines = shown();
      assertThat(lines.get(lines.size() - 1)).hasSizeLessThan(columns).contains("epoch 45/100");
    }
  }

  @Test
  void theBarIsDrawnAtMostTenTimesPerSecond() {
    try (Progress bar = progress(Progress.Mode.BAR, TERMINAL)) {
      bar.begin(EXTENT);
      for (int round = 1; round < 400; round++) {
        pass(0.005);
        bar.round(round, 1);
      }
    }
    long draws = written.toString().chars().filter(c -> c == '\r').count();
    // Once at the begin, once per full tenth of 1.995 s, once at the close.
    assertThat(draws).isEqualTo(1 + 19 + 1);
  }

  @Test
  void anEpochIsShownFullBeforeTheNextBegins() {
    try (Progress bar = progress(Progress.Mode.BAR, TERMINAL)) {
      bar.begin(EXTENT);
      pass(0.001);
      bar.round(1000, 1);
      assertThat(written.toString()).contains("epoch 1/3 ━━").contains("100%");
      pass(1);
      bar.round(1010, 1);
    }
    assertThat(shown().get(0)).startsWith("epoch 2/3").contains("  1%");
  }

  @Test
  void aNoteMovesTheBarDownAndStaysWhole() {
    try (Progress bar = progress(Progress.Mode.BAR, TERMINAL)) {
      bar.begin(EXTENT);
      bar.note("checkpoint 1 saved");
    }

    assertThat(shown()).hasSize(2).first().isEqualTo("checkpoint 1 saved");
  }

  @Test
  void withoutUnicodeTheBarIsAscii() {
    try (Progress bar = progress(Progress.Mode.BAR, new Terminal(true, 80, false, false))) {
      bar.begin(EXTENT);
      pass(1);
      bar.round(1500, 2);
    }

    assertThat(shown().get(0)).matches("\\p{ASCII}+").contains("=>--").startsWith("epoch 2/3 ");
  }

  @Test
  void anEvaluationPutsItsAccuracyIntoTheBarAndItsTimeDoesNotCount() {
    try (Progress bar = progress(Progress.Mode.BAR, TERMINAL)) {
      bar.begin(EXTENT);
      pass(1);
      bar.round(1000, 0.5);
      pass(100);
      bar.evaluated("epoch 1  validation", evaluation());
      pass(1);
      bar.round(2000, 0.5);
    }

    assertThat(shown().get(0)).startsWith("epoch 1  validation  loss 0.2500  accuracy 0.7500");
    assertThat(shown().get(1)).contains("1,000 ex/s").contains("acc 0.7500").contains("ETA 0:01");
  }

  @Test
  void withoutATerminalThereAreLinesPerTenSecondsAndPerEpoch() {
    try (Progress lines = progress(Progress.Mode.AUTO, Terminal.PLAIN)) {
      lines.begin(EXTENT);
      for (int round = 1; round <= 15; round++) {
        pass(1);
        lines.round(round * 100L, 1.0 / round);
      }
    }

    assertThat(shown())
        .containsExactly(BEGIN, "epoch 1/3  100%  100 examples/s  loss 0.1000  ETA 0:20");
    assertThat(written.toString()).doesNotContain("\r", "\033");
  }

  @Test
  void aLongEpochIsReportedEveryTenSeconds() {
    try (Progress lines = progress(Progress.Mode.PLAIN, TERMINAL)) {
      lines.begin(new Progress.Extent(1, 100_000, 50_000));
      for (int round = 1; round <= 25; round++) {
        pass(1);
        lines.round(50_000 + round * 100L, 1);
      }
    }

    assertThat(shown())
        .containsExactly(
            BEGIN,
            "epoch 1/1   51%  100 examples/s  loss 1.0000  ETA 8:10",
            "epoch 1/1   52%  100 examples/s  loss 1.0000  ETA 8:00");
  }

  @Test
  void noneShowsOnlyNotesAndEvaluations() {
    try (Progress quiet = progress(Progress.Mode.NONE, TERMINAL)) {
      quiet.begin(EXTENT);
      quiet.round(1000, 1);
      quiet.note("a note");
    }

    assertThat(shown()).containsExactly("a note");
  }

  @Test
  void numbersDoNotDependOnTheCountry() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try (Progress lines = progress(Progress.Mode.PLAIN, TERMINAL)) {
      lines.begin(new Progress.Extent(1, 2000, 0));
      pass(1);
      lines.round(2000, 0.25);
      assertThat(shown().get(1)).contains("2,000 examples/s  loss 0.2500");
    } finally {
      Locale.setDefault(before);
    }
  }
}
