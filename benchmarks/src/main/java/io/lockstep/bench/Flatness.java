package io.lockstep.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;

/**
 * Many rounds one after the other: whether they stay equally fast, and what they leave behind.
 *
 * <p>Each stands beside as many steps of the plain loops: the machine itself grows faster and
 * slower by more than what is looked for, but within a second it does so for both.
 */
final class Flatness {
  private static final int LOCAL_STEPS = 10;

  private final PrintWriter out;
  private final JavaSparkContext spark;
  private final Workload model;
  private final int rounds;
  private final int warmUp;

  /** Measures {@code rounds} after {@code warmUp} more. */
  Flatness(PrintWriter out, JavaSparkContext spark, Workload model, int rounds, int warmUp) {
    this.out = out;
    this.spark = spark;
    this.model = model;
    this.rounds = rounds;
    this.warmUp = warmUp;
  }

  void measure() throws Exception {
    List<Double> nanos = new ArrayList<>();
    List<Double> ofPlain = new ArrayList<>();
    out.printf(
        "%n%d rounds of %d steps after %d more, kernels auto%n", rounds, LOCAL_STEPS, warmUp);
    out.printf(
        "%8s %12s %10s %14s %12s %12s %14s%n",
        "round", "ms a round", "of plain", "broadcasts", "cached RDDs", "heap MiB", "native MiB");
    try (SparkRounds each = new SparkRounds(spark, model, "auto", LOCAL_STEPS);
        PlainLoops loops = new PlainLoops(model, true)) {
      for (int round = 1 - warmUp; round <= rounds; round++) {
        long start = System.nanoTime();
        each.run(1);
        long middle = System.nanoTime();
        loops.run(LOCAL_STEPS);
        long end = System.nanoTime();
        if (round <= 0) {
          continue; // still warming up
        }
        nanos.add((double) (middle - start));
        ofPlain.add((middle - start) / (double) (end - middle));
        if (round % Math.max(1, rounds / 8) == 0) {
          print(nanos, ofPlain, round);
        }
      }
    }
    int quarter = nanos.size() / 4;
    out.printf("the last %d rounds against the first %d, in %%:%n", quarter, quarter);
    out.printf(
        "%26s %+8.1f, as a multiple of plain steps beside them %+.1f%n",
        "median", growth(nanos, quarter, 0.5), growth(ofPlain, quarter, 0.5));
    // What a neighbour disturbs grows slower; what has grown slower by itself is never as fast.
    out.printf(
        "%26s %+8.1f, as a multiple of plain steps beside them %+.1f%n",
        "fastest tenth", growth(nanos, quarter, 0.1), growth(ofPlain, quarter, 0.1));
    out.flush();
  }

  /** By how many percent a quantile of the last {@code count} values lies above the first's. */
  private static double growth(List<Double> values, int count, double quantile) {
    double first = quantile(values.subList(0, count), quantile);
    double last = quantile(values.subList(values.size() - count, values.size()), quantile);
    return 100 * (last / first - 1);
  }

  private static double quantile(List<Double> values, double quantile) {
    return values.stream().sorted().toList().get((int) (quantile * values.size()));
  }

  private void print(List<Double> nanos, List<Double> ofPlain, int round) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    int broadcasts =
        SparkEnv.get().blockManager().getMatchingBlockIds(id -> id.isBroadcast()).size();
    out.printf(
        "%8d %12.1f %10.3f %14d %12d %12.1f %14.1f%n",
        round,
        Median.of(latest(nanos)) / 1e6,
        Median.of(latest(ofPlain)),
        broadcasts,
        spark.getPersistentRDDs().size(),
        (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20),
        Pointer.totalBytes() / (double) (1 << 20));
    out.flush();
  }

  private static List<Double> latest(List<Double> values) {
    return values.subList(Math.max(0, values.size() - 25), values.size());
  }
}
