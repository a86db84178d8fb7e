package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeThreadsTest {
  /** What {@link NativeThreadsProbe} found. */
  private record Probe(String hash, int threadsStarted) {}

  @ParameterizedTest
  @ValueSource(strings = {"stock", "kernels"})
  void oneThreadGivesTheBitsOfTheEnvironmentVariableWithoutIt(String kernels) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs Linux's /proc");
    Probe environment = probe("1", kernels);
    Probe call = probe(null, kernels, "1");
    assertThat(call.hash()).isEqualTo(environment.hash());
    assertThat(call.threadsStarted()).as("native threads started").isZero();
  }

  @Test
  void theCallWinsOverTheEnvironmentVariable() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs Linux's /proc");
    assertThat(probe("2", "stock", "1")).isEqualTo(probe(null, "stock", "1"));
  }

  @Test
  void noThreadsAreAnError() {
    assertThatThrownBy(() -> NativeThreads.use(0)).hasMessageContaining("1 or more, not 0");
  }

  private static Probe probe(String ompNumThreads, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // The coverage agent has its own output file for this JVM only.
      if (!option.startsWith("-javaagent")) {
        line.add(option);
      }
    }
    line.add("-cp");
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(NativeThreadsProbe.class.getName());
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().remove("OMP_NUM_THREADS");
    if (ompNumThreads != null) {
      builder.environment().put("OMP_NUM_THREADS", ompNumThreads);
    }
    Path errors = Files.createTempFile("native-threads-probe", ".log");
    Process process = builder.redirectError(errors.toFile()).start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    assertThat(answer).as(Files.readString(errors)).isNotEmpty();
    int space = answer.indexOf(' ');
    return new Probe(answer.substring(0, space), Integer.parseInt(answer.substring(space + 1)));
  }
}
