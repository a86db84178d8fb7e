package io.lockstep.app;

import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.spark.Engines;
import io.lockstep.spark.Fault;
import io.lockstep.spark.FaultOrder;
import io.lockstep.spark.FaultPlugin;
import io.lockstep.train.LostWorkException;
import io.lockstep.train.RoundRequest;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A driver in a JVM like this one, that begins or resumes a run and dies in a round of it. Under a
 * local master its tasks are in the same JVM, so the death of their executor is its own.
 */
final class ChaosDriver {
  private static final int KILLED = 128 + 9;
  private static final int LINES_SHOWN = 20;

  private ChaosDriver() {}

  /**
   * What a driver does until it dies.
   *
   * @param plan of the run
   * @param directory of the run
   * @param overwrites whether it begins the run anew; else it resumes the one that there is
   * @param order of its death
   */
  record Life(ResolvedPlan plan, String directory, boolean overwrites, FaultOrder order) {
    /**
     * Starts it and waits for its end.
     *
     * @param patience for how long it is waited for
     * @return when it was dead, in seconds of {@link System#nanoTime}
     * @throws LostWorkException if it ended otherwise
     */
    double end(Duration patience) throws IOException {
      Path folder = Files.createTempDirectory("lockstep-chaos");
      Path file = folder.resolve("plan.yaml");
      Path said = folder.resolve("driver.log");
      Files.writeString(file, plan.toYaml());
      List<String> command = java();
      command.addAll(words(file));
      Process driver =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      Thread orphan = new Thread(driver::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(orphan);
      try {
        if (!driver.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
          throw failed("is still at work after %d s".formatted(patience.toSeconds()), said);
        }
        double dead = System.nanoTime() / 1e9;
        if (driver.exitValue() != KILLED) {
          throw failed("ended with exit code %d".formatted(driver.exitValue()), said);
        }
        return dead;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LostWorkException("interrupted while a driver was to die", e);
      } finally {
        driver.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(orphan);
        for (Path each : List.of(file, said, folder)) {
          Files.deleteIfExists(each);
        }
      }
    }

    /** What {@link #main} takes. */
    private List<String> words(Path file) {
      RoundRequest round = order.round().orElseThrow();
      return List.of(
          file.toString(),
          directory,
          Boolean.toString(overwrites),
          Integer.toString(order.replica()),
          Integer.toString(round.epoch()),
          Integer.toString(round.round()),
          Long.toString(order.millis()));
    }
  }

  private static LostWorkException failed(String how, Path said) throws IOException {
    List<String> lines = Files.readAllLines(said);
    String last =
        String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    return new LostWorkException(
        "the driver that was to die %s; its last words:\n  %s".formatted(how, last), null);
  }

  /** This JVM's own command, up to the class; what looks at it from outside is left out. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(it -> it.matches("(--|-X|-D).*") && !it.matches("-X(debug|runjdwp).*"))
        .forEach(command::add);
    System.getProperties().stringPropertyNames().stream()
        .filter(it -> it.startsWith("spark."))
        .forEach(it -> command.add("-D" + it + "=" + System.getProperty(it)));
    String classes =
        String.join(
            File.pathSeparator,
            Stream.concat(
                    Stream.of(System.getProperty("java.class.path")),
                    Stream.of(JavaSparkContext.jarOfClass(ChaosDriver.class)))
                .toList());
    command.addAll(List.of("-cp", classes, ChaosDriver.class.getName()));
    return command;
  }

  /** {@code PLAN DIRECTORY OVERWRITE REPLICA EPOCH ROUND MILLIS}. */
  public static void main(String[] args) throws IOException {
    ResolvedPlan asked = PlanFile.resolve(args[0], List.of(), new Configuration());
    var plan = asked.plan();
    var round = new RoundRequest(Integer.parseInt(args[4]), Integer.parseInt(args[5]));
    try (JavaSparkContext spark =
        Engines.faulty(
            "chaos " + plan.name(), plan.run(), plan.training().replicas(), plan.compute())) {
      FaultPlugin.faults()
          .order(
              new FaultOrder(
                  Fault.DEATH,
                  Long.parseLong(args[6]),
                  Integer.parseInt(args[3]),
                  Optional.of(round),
                  1));
      begin(asked, args[1], Boolean.parseBoolean(args[2])).spark(spark).run();
    }
  }

  private static Training begin(ResolvedPlan plan, String directory, boolean overwrite) {
    return overwrite
        ? Training.of(plan).directory(directory).overwrite()
        : Training.resumeOrBegin(plan).directory(directory);
  }
}
