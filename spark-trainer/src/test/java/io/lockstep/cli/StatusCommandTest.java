package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String run;

  @BeforeEach
  void writePlanAndTable() throws IOException {
    run = folder.resolve("run").toString();
    var text = new StringBuilder("x,y\n");
    for (int i = 0; i < 200; i++) {
      double x = Math.sin(i);
      text.append(x).append(',').append(3 * x).append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), text);
    Files.writeString(
        folder.resolve("plan.yaml"),
        """
        name: line
        data:
          train: {csv: {path: %1$s/table.csv, targets: [y]}}
          validation: 0.1
          normalize: standardize
        model: {layers: [dense: {units: 1}], loss: mse, optimizer: {sgd: {learningRate: 0.1}}}
        training: {replicas: 2, batch: 8, localSteps: 2, epochs: 3}
        run: {directory: %1$s/run, engine: inProcess}
        """
            .formatted(folder));
  }

  @Test
  void aFinishedRunIsToldInLinesAndInJson() throws IOException {
    train();

    assertThat(call("status", run)).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("run      " + run + " (line)")
        .contains("state    finished")
        .contains("trained  epoch 3 of 3, 18 rounds, 540 of 540 examples (100%), loss 0.")
        .contains("measured after epoch 3, validation  loss ")
        .doesNotContain("resume", "ETA");

    assertThat(call("status", "--json", run)).isEqualTo(Main.DONE);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("state").asText()).isEqualTo("finished");
    assertThat(json.path("examples").asLong()).isEqualTo(540);
    assertThat(json.at("/evaluations/validation/metrics/loss").asDouble()).isPositive();
  }

  @Test
  void followingEndsAsTheRunDoes() {
    train("--set", "model.optimizer={sgd: {learningRate: 9}}", "--set", "training.epochs=20");

    assertThat(call("status", "--follow", run)).isEqualTo(Main.FAILED);

    assertThat(out.toString())
        .contains("state    failed: the loss became")
        .contains("lockstep train --resume " + run);
  }

  @Test
  void whereThereIsNoRunTheInputIsWrong() {
    assertThat(call("status", folder.toString())).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("There is no run in " + folder);
  }

  private void train(String... options) {
    var args = new String[options.length + 4];
    System.arraycopy(
        new String[] {"train", folder.resolve("plan.yaml").toString(), "--progress", "none"},
        0,
        args,
        0,
        4);
    System.arraycopy(options, 0, args, 4, options.length);
    call(args);
  }

  private int call(String... args) {
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
