package io.lockstep.bench;

import io.lockstep.compute.Kernels;
import io.lockstep.compute.NativeThreads;
import io.lockstep.config.PlanParser;
import io.lockstep.config.ResolvedPlan;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.GlobalUpdate;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundResult;
import io.lockstep.train.spark.SparkRoundsEngine;
import io.lockstep.train.spark.SparkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What Spark costs: the trainer's rounds on {@code local[2]} beside two plain DL4J loops, LeNet,
 * minibatches of 64; and whether rounds stay equally fast and leave nothing behind.
 */
@Command(
    name = "spark-tax",
    description = "two replicas on Spark beside two plain DL4J loops",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SparkTaxBenchmark implements Callable<Integer> {
  private static final int REPLICAS = 2;

  @Option(
      names = "--local-steps",
      split = ",",
      paramLabel = "H",
      description = "steps of a replica between two rounds (default: 1,10,50)")
  private List<Integer> localSteps = List.of(1, 10, 50);

  @Option(
      names = "--kernels",
      split = ",",
      paramLabel = "NAME",
      description = "auto, stock (default: both)")
  private List<String> kernels = List.of("auto", "stock");

  @Option(
      names = "--reps",
      description = "repetitions, of which the median counts (default: ${DEFAULT-VALUE})")
  private int reps = 5;

  @Option(
      names = "--steps",
      description = "steps of each replica in a repetition (default: ${DEFAULT-VALUE})")
  private int steps = 50;

  @Option(names = "--rounds", description = "rounds to watch for leaks (default: ${DEFAULT-VALUE})")
  private int rounds = 200;

  @Option(
      names = "--warm-up",
      description =
          "rounds before those, until the JIT compiler has settled (default: ${DEFAULT-VALUE})")
  private int warmUp = 100;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (JavaSparkContext spark =
        new JavaSparkContext(SparkSettings.local("local[" + REPLICAS + "]", "spark-tax"))) {
      for (String choice : kernels) {
        speeds(out, spark, choice);
      }
      if (rounds > 0) {
        flatness(out, spark);
      }
    }
    return 0;
  }

  private void speeds(PrintWriter out, JavaSparkContext spark, String choice) throws Exception {
    Map<Integer, double[]> onSpark = new LinkedHashMap<>();
    double[] plain = new double[reps];
    List<Rounds> opened = new ArrayList<>();
    try (PlainLoops loops = new PlainLoops(choice.equals("auto"))) {
      for (int h : localSteps) {
        Rounds each = new Rounds(spark, choice, h);
        opened.add(each);
        onSpark.put(h, new double[reps]);
        each.run(Math.max(1, 50 / h));
      }
      loops.run(50);
      for (int rep = 0; rep < reps; rep++) {
        plain[rep] = loops.run(steps);
        for (int i = 0; i < opened.size(); i++) {
          int h = localSteps.get(i);
          onSpark.get(h)[rep] = opened.get(i).run(Math.max(1, steps / h));
        }
      }
    } finally {
      opened.forEach(Rounds::close);
    }
    out.printf(
        "%nLeNet, minibatch 64, kernels %s, local[%d]; examples/s, median of %d x %d steps%n",
        choice, REPLICAS, reps, steps);
    out.printf("%-24s %9.0f%n", "two plain DL4J loops", Median.of(plain));
    onSpark.forEach(
        (h, rates) ->
            out.printf(
                "%-24s %9.0f %8.3f of plain%n",
                "Spark rounds, H = " + h, Median.of(rates), Median.of(rates) / Median.of(plain)));
    out.flush();
  }

  /**
   * Each round beside as many steps of the plain loops: the machine itself grows faster and slower
   * by more than what is looked for, but within a second it does so for both.
   */
  private void flatness(PrintWriter out, JavaSparkContext spark) throws Exception {
    int localSteps = 10;
    List<Double> nanos = new ArrayList<>();
    List<Double> ofPlain = new ArrayList<>();
    out.printf("%n%d rounds of %d steps after %d more, kernels auto%n", rounds, localSteps, warmUp);
    out.printf(
        "%8s %12s %10s %14s %12s %12s %14s%n",
        "round", "ms a round", "of plain", "broadcasts", "cached RDDs", "heap MiB", "native MiB");
    try (Rounds each = new Rounds(spark, "auto", localSteps);
        PlainLoops loops = new PlainLoops(true)) {
      for (int round = 1 - warmUp; round <= rounds; round++) {
        long start = System.nanoTime();
        each.run(1);
        long middle = System.nanoTime();
        loops.run(localSteps);
        long end = System.nanoTime();
        if (round <= 0) {
          continue; // still warming up
        }
        nanos.add((double) (middle - start));
        ofPlain.add((middle - start) / (double) (end - middle));
        if (round % Math.max(1, rounds / 8) == 0) {
          print(out, spark, nanos, ofPlain, round);
        }
      }
    }
    int quarter = nanos.size() / 4;
    out.printf(
        "median of the last %d rounds against the first %d: %+.1f %%; as a multiple of plain steps"
            + " beside them: %+.1f %%%n",
        quarter, quarter, growth(nanos, quarter), growth(ofPlain, quarter));
    out.flush();
  }

  /** By how many percent the last {@code count} values lie above the first. */
  private static double growth(List<Double> values, int count) {
    double first = median(values.subList(0, count));
    double last = median(values.subList(values.size() - count, values.size()));
    return 100 * (last / first - 1);
  }

  private static void print(
      PrintWriter out,
      JavaSparkContext spark,
      List<Double> nanos,
      List<Double> ofPlain,
      int round) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    int broadcasts =
        SparkEnv.get().blockManager().getMatchingBlockIds(id -> id.isBroadcast()).size();
    out.printf(
        "%8d %12.1f %10.3f %14d %12d %12.1f %14.1f%n",
        round,
        median(latest(nanos)) / 1e6,
        median(latest(ofPlain)),
        broadcasts,
        spark.getPersistentRDDs().size(),
        (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20),
        Pointer.totalBytes() / (double) (1 << 20));
    out.flush();
  }

  private static List<Double> latest(List<Double> values) {
    return values.subList(Math.max(0, values.size() - 25), values.size());
  }

  private static double median(List<Double> values) {
    return Median.of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The rounds of a plan, one after the other, epoch after epoch. */
  private static final class Rounds implements AutoCloseable {
    private final PreparedRun run;
    private final SparkRoundsEngine engine;
    private final GlobalUpdate update;
    private TrainingState state;
    private int epoch;
    private int round;

    Rounds(JavaSparkContext spark, String kernels, int localSteps) throws IOException {
      run = PreparedRun.of(plan(kernels, localSteps), new Configuration());
      engine = new SparkRoundsEngine(spark, run.workload());
      var network = run.workload().networks().create();
      state = network.state();
      var outer = run.plan().training().outer();
      update =
          new GlobalUpdate(
              run.plan().training().mode(),
              new OuterOptimizer(outer.learningRate(), outer.momentum()),
              network);
    }

    private static ResolvedPlan plan(String kernels, int localSteps) throws IOException {
      try (var file = SparkTaxBenchmark.class.getResourceAsStream("spark-tax.yaml")) {
        String yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        return PlanParser.resolve(
            yaml,
            "spark-tax.yaml",
            List.of("compute.kernels=" + kernels, "training.localSteps=" + localSteps));
      }
    }

    /** Runs {@code rounds} full rounds; examples/s. */
    double run(int rounds) {
      long examples = 0;
      long start = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        var request = new RoundRequest(epoch, round);
        RoundResult merged = engine.round(state, request);
        state = update.apply(state, merged, request);
        examples += merged.examples();
        round++;
        if (round == run.workload().steps().schedule().rounds()) {
          round = 0;
          epoch++;
        }
      }
      return examples * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
      update.close();
      engine.close();
    }
  }

  /** Two DL4J networks, each in a loop of its own. */
  private static final class PlainLoops implements AutoCloseable {
    private final Workload workload = Workload.named("lenet");
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<Network> networks = new ArrayList<>();
    private int next;

    PlainLoops(boolean accelerated) throws Exception {
      for (int k = 0; k < REPLICAS; k++) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        threads.add(thread);
        networks.add(
            thread
                .submit(
                    () -> {
                      NativeThreads.use(1);
                      return new Dl4jNetwork(
                          workload,
                          network -> {
                            if (accelerated) {
                              Kernels.accelerate(network);
                            }
                          });
                    })
                .get());
      }
    }

    /** Takes {@code steps} with each network; examples/s. */
    double run(int steps) throws Exception {
      CyclicBarrier barrier = new CyclicBarrier(REPLICAS + 1);
      List<Future<?>> running = new ArrayList<>();
      for (int k = 0; k < REPLICAS; k++) {
        Network network = networks.get(k);
        int from = next + 32 * k;
        running.add(
            threads
                .get(k)
                .submit(
                    () -> {
                      barrier.await();
                      for (int i = 0; i < steps; i++) {
                        network.step(from + i);
                      }
                      return null;
                    }));
      }
      next += steps;
      barrier.await();
      long start = System.nanoTime();
      for (Future<?> each : running) {
        each.get();
      }
      return (double) REPLICAS * steps * workload.batch() * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
      networks.forEach(Network::close);
      threads.forEach(ExecutorService::shutdown);
    }
  }
}
