package io.lockstep.bench;

import io.lockstep.spark.SparkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What executors in JVMs of their own pay: the same two replicas in this JVM, in one executor of
 * one core and in two of them, one shape after the other; and where the time of a round goes.
 */
@Command(
    name = "cluster",
    description = "two replicas in one executor, in two, and in this JVM",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ClusterBenchmark implements Callable<Integer> {
  private static final String LOCAL = "local[2]";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "lenet, char-lstm or large (default: ${DEFAULT-VALUE})")
  private String model = "lenet";

  @Option(
      names = "--local-steps",
      split = ",",
      paramLabel = "H",
      description = "steps of a replica between two rounds (default: 1,10,50)")
  private List<Integer> localSteps = List.of(1, 10, 50);

  @Option(
      names = "--executors",
      split = ",",
      paramLabel = "N",
      description = "executors of one core; 0: this JVM, local[2] (default: 0,1,2)")
  private List<Integer> executors = List.of(0, 1, 2);

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description = "heap of an executor (default: ${DEFAULT-VALUE})")
  private int memory = 1024;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "a setting of Spark, to try what it does")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--reps",
      description = "repetitions, of which the median counts (default: ${DEFAULT-VALUE})")
  private int reps = 7;

  @Option(
      names = "--steps",
      description = "steps of each replica in a repetition (default: ${DEFAULT-VALUE})")
  private int steps = 100;

  @Option(
      names = "--warm-up",
      description = "rounds of one step before anything is timed (default: ${DEFAULT-VALUE})")
  private int warmUp = 1500;

  @Spec private CommandSpec spec;

  /** What one shape of cluster reached. */
  private record Measured(Map<Integer, Double> rates, Map<Integer, RoundParts> parts) {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Workload workload = Workload.named(model);
    Map<String, Measured> shapes = new LinkedHashMap<>();
    for (int count : executors) {
      shapes.put(count == 0 ? LOCAL : count + " executors", measure(workload, count));
    }
    out.printf(
        "%n%s, minibatch %d, two replicas, executors of one core and %d MB; median of %d x %d"
            + " steps after %d rounds%n",
        workload.title(), workload.batch(), memory, reps, steps, warmUp);
    out.printf("%-32s", "examples/s, H =");
    localSteps.forEach(h -> out.printf(" %9d", h));
    out.println();
    shapes.forEach(
        (name, each) -> {
          out.printf("%-32s", name);
          each.rates().values().forEach(rate -> out.printf(" %9.0f", rate));
          out.println();
        });
    for (int h : localSteps) {
      out.printf("%n%-32s", "ms of a round, H = " + h);
      shapes.keySet().forEach(name -> out.printf(" %12s", name));
      out.println();
      RoundParts.print(out, shapes.values().stream().map(each -> each.parts().get(h)).toList(), 12);
    }
    out.flush();
    return 0;
  }

  private record Span(Instant from, Instant to) {}

  private Measured measure(Workload workload, int count) throws Exception {
    Path recordings = Files.createTempDirectory("rounds");
    Map<Integer, Double> rates = new LinkedHashMap<>();
    Map<Integer, Span> spans = new LinkedHashMap<>();
    try (Recording driver = RoundParts.recording()) {
      try (JavaSparkContext spark = new JavaSparkContext(conf(count, recordings))) {
        try (SparkRounds each = new SparkRounds(spark, workload, "auto", 1)) {
          each.run(warmUp);
        }
        for (int h : localSteps) {
          try (SparkRounds each = new SparkRounds(spark, workload, "auto", h)) {
            int rounds = Math.max(1, steps / h);
            each.run(rounds);
            Instant begin = Instant.now();
            List<Double> measured = new ArrayList<>();
            for (int rep = 0; rep < reps; rep++) {
              measured.add(each.run(rounds));
            }
            rates.put(h, Median.of(measured));
            spans.put(h, new Span(begin, Instant.now()));
          }
        }
      }
      driver.stop();
      driver.dump(recordings.resolve("driver.jfr"));
    }
    List<RecordedEvent> events = new ArrayList<>();
    try (Stream<Path> files = Files.list(recordings)) {
      for (Path file : files.toList()) {
        events.addAll(RoundParts.events(file));
        Files.delete(file);
      }
    }
    Files.delete(recordings);
    Map<Integer, RoundParts> parts = new LinkedHashMap<>();
    spans.forEach((h, span) -> parts.put(h, RoundParts.of(events, span.from(), span.to())));
    return new Measured(rates, parts);
  }

  private SparkConf conf(int count, Path recordings) throws IOException {
    SparkConf conf = shape(count, recordings);
    settings.forEach(conf::set);
    return conf;
  }

  private SparkConf shape(int count, Path recordings) throws IOException {
    if (count == 0) {
      return SparkSettings.local(LOCAL, "cluster");
    }
    Path recorded = Files.createTempFile("parts", ".jfc");
    recorded.toFile().deleteOnExit();
    Files.writeString(recorded, RoundParts.SETTINGS);
    return SparkSettings.local("local-cluster[%d,1,%d]".formatted(count, memory), "cluster")
        .set("spark.executor.memory", memory + "m")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executorEnv.OMP_NUM_THREADS", "1")
        .set(
            "spark.executor.extraJavaOptions",
            "-Xlog:disable -Xlog:all=error -XX:StartFlightRecording:filename=%s,settings=%s,dumponexit=true"
                .formatted(recordings, recorded));
  }
}
