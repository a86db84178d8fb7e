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
  private final int rounds;
  private final int warmUp;

  /** Measures {@code rounds} after {@code warmUp} more. */
  Flatness(PrintWriter out, JavaSparkContext spark, int rounds, int warmUp) {
    this.out = out;
    this.spark = spark;
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
    try (SparkRounds each = new SparkRounds(spark, "auto", LOCAL_STEPS);
        PlainLoops loops = new PlainLoops(true)) {
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
    out.printf(
        "median of the last %d rounds against the first %d: %+.1f %%; as a multiple of plain steps"
            + " beside them: %+.1f %%%n",
        quarter, quarter, growth(nanos, quarter), growth(ofPlain, quarter));
    out.flush();
  }

  /** By how many percent the last {@code count} values lie above the first. */
  private static double growth(List<Double> values, int count) {
    double first = Median.of(values.subList(0, count));
    double last = Median.of(values.subList(values.size() - count, values.size()));
    return 100 * (last / first - 1);
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
