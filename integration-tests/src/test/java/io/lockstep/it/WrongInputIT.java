package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.Lockstep.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user got wrong is told in one message with place and remedy, and nothing is left. */
class WrongInputIT {
  private static final String PLAN =
      """
      name: wrong
      data:
        train: {csv: {path: "%s", label: class, classes: [a, b]}}
        validation: 0.2
        normalize: standardize
      model:
        layers:
          - dense: {units: 2, activation: softmax}
        loss: categoricalCrossentropy
        optimizer: {sgd: {learningRate: 0.1}}
      training: {replicas: 2, batch: 4, epochs: 1}
      """;

  @TempDir Path folder;
  private Path plan;
  private Path table;

  @BeforeEach
  void writePlanAndTable() throws Exception {
    plan = folder.resolve("plan.yaml");
    table = folder.resolve("table.csv");
    Files.writeString(plan, PLAN.formatted(table));
    Files.writeString(table, rows(40));
  }

  @Test
  void textInANumberColumnDeepInATable() throws Exception {
    Files.writeString(table, rows(30) + "1.0,oops,b\n" + rows(9).lines().skip(1).toList().get(0));

    Outcome outcome = train();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("table.csv").contains("32").contains("oops");
    assertNothingIsLeft(outcome);
  }

  @Test
  void aShortRowUnderSparkSubmit() throws Exception {
    Files.writeString(table, rows(30) + "1.0\n" + "2.0,3.0,b\n");

    Outcome outcome = Lockstep.submit("local[2]", args()).run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("table.csv").contains("32");
    assertNothingIsLeft(outcome);
  }

  @Test
  void severalMisspeltKeysAtOnce() throws Exception {
    Files.writeString(
        plan, PLAN.formatted(table).replace("batch: 4", "bach: 4").replace("units: 2", "unitz: 2"));

    Outcome outcome = train();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err())
        .contains("bach")
        .contains("batch")
        .contains("unitz")
        .contains("units");
    assertNothingIsLeft(outcome);
  }

  @Test
  void aFileThatIsNotThere() throws Exception {
    Files.delete(table);

    Outcome outcome = train();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("table.csv").contains("no such file");
    assertNothingIsLeft(outcome);
  }

  @Test
  void aRunDirectoryThatCannotBeWritten() throws Exception {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file, not a folder");

    Outcome outcome =
        Lockstep.script(
                "train", plan.toString(), "--set", "run.directory=" + blocked.resolve("run"))
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("blocked");
    assertThat(blocked).hasContent("a file, not a folder");
  }

  private Outcome train() throws Exception {
    return Lockstep.script(args()).run();
  }

  private String[] args() {
    return new String[] {
      "train", plan.toString(), "--set", "run.directory=" + folder.resolve("run")
    };
  }

  private void assertNothingIsLeft(Outcome outcome) throws Exception {
    assertThat(outcome.err()).as("one error").containsOnlyOnce("error: ").doesNotContain("\tat ");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isSubsetOf(List.of("plan.yaml", "table.csv"));
    }
  }

  /** A header and {@code count} good rows. */
  private static String rows(int count) {
    StringBuilder text = new StringBuilder("x,y,class\n");
    for (int row = 0; row < count; row++) {
      text.append(row).append(',').append(row * 0.5).append(row % 3 == 0 ? ",a\n" : ",b\n");
    }
    return text.toString();
  }
}
