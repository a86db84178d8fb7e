package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.Lockstep.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around training, as the documents show them. */
class CommandsIT {
  @TempDir Path folder;

  @Test
  void configPrintsAPlanInFullWithOrigins() throws Exception {
    Outcome outcome =
        succeed("config", "conf/mnist-lenet.yaml", "--set", "training.epochs=3", "--layers");

    assertThat(outcome.out()).contains("431,080");
    assertThat(succeed("config", "conf/mnist-lenet.yaml", "--set", "training.epochs=3").out())
        .containsPattern("epochs: 3 +# command line");
  }

  @Test
  void verifyComparesTheEnginesOnAPlan() throws Exception {
    Outcome outcome = succeed("verify", "conf/binary-mlp.yaml", "--rounds", "3");

    assertThat(outcome.out()).contains("exact: bit-identical");
  }

  @Test
  void evaluateRepeatsWhatTrainingSaidAtItsEnd() throws Exception {
    String run = folder.resolve("run").toString();
    String trained =
        succeed(
                "train",
                "conf/binary-mlp.yaml",
                "--set",
                "training.epochs=5",
                "--set",
                "run.directory=" + run)
            .out();
    String figures =
        trained
            .lines()
            .filter(line -> line.startsWith("  test "))
            .findFirst()
            .orElseThrow()
            .replaceAll(".*(accuracy \\S+).*", "$1");

    Outcome outcome = succeed("evaluate", "--model", run);

    assertThat(outcome.out().replaceAll(" +", " ")).contains(figures);
    succeed("verify", "--ledger", run);
  }

  private static Outcome succeed(String... args) throws Exception {
    Outcome outcome = Lockstep.script(args).run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }
}
