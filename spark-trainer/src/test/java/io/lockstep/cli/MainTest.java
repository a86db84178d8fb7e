package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aCommandThatReturnsIsDone() {
    assertThat(run(() -> 0)).isEqualTo(Main.DONE);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void wrongInputIsOneMessageAndCodeTwo() {
    int code =
        run(
            () -> {
              throw new InputException("plan.yaml line 3: no such key; did you mean seed?");
            });

    assertThat(code).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("error: plan.yaml line 3: no such key; did you mean seed?");
  }

  @Test
  void wrongInputMetInsideSparkIsStillWrongInput() {
    int code =
        run(
            () -> {
              throw new IllegalStateException(
                  "Job aborted due to stage failure:\n\tat somewhere", new InputException("row 7"));
            });

    assertThat(code).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).isEqualToIgnoringNewLines("error: row 7");
  }

  @Test
  void aFailedRunIsToldWithItsCausesWithoutStackTrace() {
    int code =
        run(
            () -> {
              throw new IllegalStateException(
                  "round 7 failed:\n\tat far.away", new IOException("Stream closed"));
            });

    assertThat(code).isEqualTo(Main.FAILED);
    assertThat(err.toString())
        .startsWith("error: IllegalStateException: round 7 failed:")
        .contains("because: IOException: Stream closed")
        .contains("--verbose")
        .doesNotContain("\tat ");
  }

  @Test
  void verbosePrintsTheStackTrace() {
    int code =
        run(
            () -> {
              throw new IOException("No space left on device");
            },
            "--verbose");

    assertThat(code).isEqualTo(Main.FAILED);
    assertThat(err.toString()).contains("\tat " + MainTest.class.getName());
  }

  @Test
  void aMisspeltOptionIsWrongInputAndNamesTheRightOne() {
    assertThat(run(() -> 0, "--verbos")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).startsWith("error: ").contains("--verbose");
  }

  @Test
  void noCommandIsWrongInput() {
    CommandLine line = commandLine(() -> 0);

    assertThat(line.execute()).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("a command is missing").contains("lockstep --help");
  }

  @Test
  void helpAndVersionAreDone() {
    CommandLine line = commandLine(() -> 0);

    assertThat(line.execute("--help")).isEqualTo(Main.DONE);
    assertThat(line.execute("--version")).isEqualTo(Main.DONE);
    assertThat(out.toString()).contains("Exit codes").containsPattern("lockstep \\d+\\.\\d+");
  }

  /** Each Java Error is one sentence that says what to do, and ends with the code of a failure. */
  @ParameterizedTest
  @MethodSource
  void errorsOfJavaAreToldInASentenceWithARemedy(Error error, String remedy) {
    int code =
        run(
            () -> {
              throw error;
            });

    assertThat(code).isEqualTo(Main.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("error: ").contains(remedy).doesNotContain("\tat ");
  }

  static Stream<Arguments> errorsOfJavaAreToldInASentenceWithARemedy() {
    return Stream.of(
        Arguments.of(fullDisk(), "--resume"),
        Arguments.of(new OutOfMemoryError("Java heap space"), "LOCKSTEP_MEMORY"),
        Arguments.of(new OutOfMemoryError("GC overhead limit exceeded"), "LOCKSTEP_MEMORY"),
        Arguments.of(
            new OutOfMemoryError("unable to create native thread: possibly out of memory"),
            "ulimit"),
        Arguments.of(
            new OutOfMemoryError("Physical memory usage is too high: 9G > 8G"), "training.batch"),
        Arguments.of(new StackOverflowError(), "nested"),
        Arguments.of(new NoClassDefFoundError("org/apache/spark/SparkConf"), "built for Spark"),
        Arguments.of(new ExceptionInInitializerError("libnd4jcpu.so"), "natives"));
  }

  /** As Hadoop's local file system reports it; its constructor is Hadoop's own. */
  private static Error fullDisk() {
    try {
      var constructor = FSError.class.getDeclaredConstructor(Throwable.class);
      constructor.setAccessible(true);
      return constructor.newInstance(new IOException("No space left on device"));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private int run(Callable<Integer> body, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "probe";
    System.arraycopy(options, 0, args, 1, options.length);
    return Main.execute(commandLine(body), args);
  }

  private CommandLine commandLine(Callable<Integer> body) {
    return Main.commandLine()
        .addSubcommand(new Probe(body))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  @Command(name = "probe")
  private record Probe(Callable<Integer> body) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      return body.call();
    }
  }
}
