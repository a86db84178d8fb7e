package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ArithmeticTest {
  @Test
  void isTheSameEachTime() {
    assertThat(Arithmetic.describe())
        .isEqualTo(Arithmetic.describe())
        .matches("\\S+, probe [0-9a-f]{16}.*");
  }

  @Test
  @EnabledOnOs(architectures = "amd64", value = OS.LINUX)
  void tellsOtherCodeOfOpenBlasApart() throws Exception {
    assertThat(inProcess("Nehalem"))
        .isEqualTo(inProcess("Nehalem"))
        .isNotEqualTo(inProcess("Haswell"));
  }

  /** What a JVM says whose OpenBLAS takes the code of {@code core}. */
  private static String inProcess(String core) throws Exception {
    var builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Said.class.getName());
    builder.environment().putAll(Map.of("OPENBLAS_CORETYPE", core));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.lines().filter(line -> line.contains("probe")).findFirst().orElseThrow();
  }

  /** Says it and ends. */
  static final class Said {
    public static void main(String[] args) {
      System.out.println(Arithmetic.describe());
    }
  }
}
