package io.lockstep.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The benchmark's end of a {@link Contender}; idle but for the time of a command. */
final class ContenderProcess implements AutoCloseable {
  /**
   * A timed run.
   *
   * @param nanos of the steps after the warm ones, all replicas together
   * @param cpuNanos the same by the CPU time of the slowest replica's thread
   * @param firstLoss mean of the first three steps
   * @param lastLoss mean of the last three steps
   */
  record Timing(long nanos, long cpuNanos, double firstLoss, double lastLoss) {}

  private final Contender.Kind kind;
  private final Path log;
  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  ContenderProcess(Contender.Kind kind, int threads) throws IOException {
    this.kind = kind;
    List<String> line = new ArrayList<>();
    line.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElse(System.getProperty("java.home") + "/bin/java"));
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.add("-Dai.djl.pytorch.num_threads=" + threads);
    line.add("-Dai.djl.offline=true");
    line.add("-DOPT_OUT_TRACKING=true");
    line.add("-DENGINE_CACHE_DIR=" + folder());
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(Contender.class.getName());
    line.add(kind.toString());
    line.add(Integer.toString(threads));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    log = folder().resolve(kind + "-" + threads + ".log");
    Files.createDirectories(folder());
    builder.redirectError(log.toFile());
    process = builder.start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** Where libtorch's libraries are unpacked, 450 MB, and logs lie; thrown away with the build. */
  private static Path folder() {
    return Path.of("benchmarks", "target", "contenders").toAbsolutePath();
  }

  long load(Workload workload, int replicas) {
    return Long.parseLong(ask("load " + workload + " " + replicas)[1]);
  }

  Timing run(int warm, int steps) {
    String[] words = ask("run " + warm + " " + steps);
    return new Timing(
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Double.parseDouble(words[3]),
        Double.parseDouble(words[4]));
  }

  double roofline(int threads) {
    return Double.parseDouble(ask("roofline " + threads)[1]);
  }

  void unload() {
    ask("unload");
  }

  private String[] ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(
            String.format(
                "%s ended instead of answering to '%s'. Its last words:%n%s",
                kind, command, Files.readString(log)));
      }
      return answer.split(" ");
    } catch (IOException e) {
      throw new UncheckedIOException(kind + " does not answer to '" + command + "'", e);
    }
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
