package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosCommandTest {
  @TempDir private Path folder;
  private String plan;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writePlan() throws IOException {
    plan =
        Files.writeString(
                folder.resolve("plan.yaml"),
                """
                name: small
                data: {train: {embedded: mnist-10k}, normalize: scale}
                model: {layers: [dense]}
                training: {mode: averaging, replicas: 2, batch: 64, localSteps: 20, epochs: 1}
                run: {master: "local[2]"}
                """)
            .toString();
  }

  private int lockstep(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void aFaultThatThereIsNotIsRefusedWithThoseThereAre() {
    assertThat(lockstep("chaos", plan, "--faults", "kill,flood")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString())
        .contains("no fault 'flood'", "kill, fail, slow, cache, files, memory, driver");
  }

  @Test
  void numbersOfNothingAreRefused() {
    assertThat(lockstep("chaos", plan, "--faults", "0")).isEqualTo(Main.WRONG_INPUT);
    assertThat(lockstep("chaos", plan, "--patience", "0")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("at least 1 fault, not 0", "--patience must be at least 1");
  }

  @Test
  void whereNoExecutorCanDieThatIsSaidWithWhereItCan() {
    assertThat(lockstep("chaos", plan, "--faults", "kill")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("JVMs of their own", "local-cluster", "scripts/cluster");
  }

  @Test
  void aDisturbedRunIsShownFaultByFaultAndJudged() {
    int code =
        lockstep("chaos", plan, "--faults", "fail", "--output", folder.resolve("trial").toString());

    assertThat(code).as(err.toString()).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("first undisturbed", "now with 1 faults", "a task fails (replica ")
        .contains("fail", "a task repeated", "bits         the same: SHA-256")
        .contains("once in each of 1 epochs, in both runs", "exact: the faults changed nothing");
    assertThat(folder.resolve("trial/disturbed/model.zip")).exists();
  }
}
