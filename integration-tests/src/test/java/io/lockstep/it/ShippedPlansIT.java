package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.Lockstep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every plan of {@code conf/} runs as it ships, here for one epoch. */
class ShippedPlansIT {
  /** What Java says of the module that the kernels need; it cannot be silenced. */
  private static final String VECTOR_API = "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("plans")
  void trainsToAModelThatPlainDl4jLoads(Path plan) throws Exception {
    Path run = folder.resolve("run");

    Outcome outcome =
        Lockstep.script(
                "train",
                Checkout.root().relativize(plan).toString(),
                "--set",
                "training.epochs=1",
                "--set",
                "run.directory=" + run)
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .contains("test")
        .contains("model  " + run.resolve("model.zip"))
        .contains("lockstep evaluate");
    assertThat(outcome.err().replace(VECTOR_API, ""))
        .as("the terminal belongs to the run")
        .doesNotContain("WARN");
    assertThat(Experiment.Model.read(run.resolve("model.zip")).parameters())
        .isNotEmpty()
        .allMatch(Float::isFinite);
  }

  static Stream<Path> plans() throws IOException {
    try (Stream<Path> files = Files.list(Checkout.conf())) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }
}
