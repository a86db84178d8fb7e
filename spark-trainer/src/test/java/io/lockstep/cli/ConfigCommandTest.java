package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan leaves to its data is said before anything is trained. */
class ConfigCommandTest {
  private static final String OPEN = "# model.loss is chosen when the data is read";

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writePlan() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "a,b,c\n1,2,x\n2,3,y\n3,5,z\n4,2,x\n");
    Files.writeString(
        folder.resolve("plan.yaml"),
        """
        data: {train: {csv: {path: %1$s/t.csv, label: c}}}
        model: {layers: [dense]}
        run: {directory: %1$s/run, engine: inProcess}
        """
            .formatted(folder));
  }

  private int run(String... words) {
    List<String> args = new ArrayList<>(List.of(words));
    args.add(1, folder.resolve("plan.yaml").toString());
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args.toArray(String[]::new));
  }

  @Test
  void layersShowsWhatIsChosenFromTheData() {
    assertThat(run("config", "--layers")).as(err.toString()).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains(
            "4 examples",
            "task classification (3 classes), loss categoricalCrossentropy, measured by accuracy,"
                + " precision, recall, f1, balancedAccuracy, mcc\n");
  }

  @Test
  void withoutTheDataItSaysThatSomethingIsOpen() {
    assertThat(run("config")).isEqualTo(Main.DONE);
    assertThat(out.toString()).contains(OPEN);
    assertThat(run("config", "--set", "model.loss=mse")).isEqualTo(Main.DONE);
    assertThat(out.toString()).doesNotContain(OPEN);
  }

  @Test
  void aTaskThatTheDataHasNotIsTheUsersMistakeAndNothingIsWritten() {
    assertThat(run("train", "--set", "model.task=forecasting")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString())
        .startsWith("error: command line: model.task is forecasting, but")
        .contains("take classification, or read the table with series");
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
