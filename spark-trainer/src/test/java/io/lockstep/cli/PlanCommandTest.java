package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int plan(String... options) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(options);
  }

  @Test
  void aPlanIsToldWhatItNeedsAndThatOneMachineIsFasterAndNothingIsWritten() throws IOException {
    Path plan =
        Files.writeString(
            folder.resolve("plan.yaml"),
            """
            name: small
            data: {train: {csv: {path: %1$s/t.csv, header: true, label: c, classes: [x, y, z]}}}
            model: {layers: [dense]}
            training: {replicas: 2, batch: 4}
            run: {directory: %1$s/run, engine: inProcess}
            """
                .formatted(folder));
    Files.writeString(
        folder.resolve("t.csv"), "a,b,c\n" + "1,2,x\n2,3,y\n3,5,z\n4,2,x\n".repeat(20));

    int code = plan("plan", plan.toString(), "--seconds", "0.05", "--latency", "1000");

    assertThat(code).as(err.toString()).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("small: 9 parameters", "80 examples", "--executor-memory 1g", "1000 ms")
        .contains("one machine is faster");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aBandwidthOfNothingIsRefused() {
    assertThat(plan("plan", "x.yaml", "--bandwidth", "0")).isEqualTo(Main.WRONG_INPUT);
  }
}
