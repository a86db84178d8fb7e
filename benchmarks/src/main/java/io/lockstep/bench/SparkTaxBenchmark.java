package io.lockstep.bench;

import io.lockstep.spark.SparkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What Spark costs: the trainer's rounds on {@code local[2]} beside two plain DL4J loops of the
 * same network; and whether rounds stay equally fast and leave nothing behind.
 *
 * <p>Rounds lose in two ways: each replica waits for the slower one, and the round itself takes
 * time. Plain loops that wait for each other as often show the first alone.
 */
@Command(
    name = "spark-tax",
    description = "two replicas on Spark beside two plain DL4J loops",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SparkTaxBenchmark implements Callable<Integer> {
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
      names = "--kernels",
      split = ",",
      paramLabel = "NAME",
      description = "auto, stock (default: auto)")
  private List<String> kernels = List.of("auto");

  @Option(
      names = "--reps",
      description = "repetitions, of which the median counts (default: ${DEFAULT-VALUE})")
  private int reps = 9;

  @Option(
      names = "--steps",
      description = "steps of each replica in a repetition (default: ${DEFAULT-VALUE})")
  private int steps = 100;

  @Option(names = "--rounds", description = "rounds to watch for leaks (default: ${DEFAULT-VALUE})")
  private int rounds = 200;

  @Option(
      names = "--warm-up",
      description =
          "rounds before anything is timed, until the JIT compiler has settled (default:"
              + " ${DEFAULT-VALUE})")
  private int warmUp = 200;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    String master = "local[" + PlainLoops.LOOPS + "]";
    try (JavaSparkContext spark = new JavaSparkContext(SparkSettings.local(master, "spark-tax"))) {
      for (String choice : kernels) {
        speeds(out, spark, choice);
      }
      if (rounds > 0) {
        new Flatness(out, spark, Workload.named(model), rounds, warmUp).measure();
      }
    }
    return 0;
  }

  /** Rates of one H, repetition by repetition. */
  private final class Contest implements AutoCloseable {
    private final int between;
    private final SparkRounds onSpark;
    private final Rates meeting = new Rates();
    private final Rates spark = new Rates();

    Contest(JavaSparkContext context, Workload workload, String choice, int between)
        throws IOException {
      this.between = between;
      this.onSpark = new SparkRounds(context, workload, choice, between);
    }

    void repeat(PlainLoops loops, double plain) throws Exception {
      int whole = Math.max(between, steps);
      meeting.add(loops.run(whole, between), plain);
      spark.add(onSpark.run(whole / between), plain);
    }

    void print(PrintWriter out) {
      out.printf(
          "%6d %14.0f %9.3f %14.0f %9.3f%n",
          between, meeting.median(), meeting.ofOther(), spark.median(), spark.ofOther());
    }

    RoundParts parts() throws IOException {
      return RoundParts.of(onSpark, Math.max(10, 2 * steps / between));
    }

    /** Milliseconds that the plain loops would take for the steps of a round. */
    double plainMillis(Workload workload, double rate) {
      return 1e3 * between * workload.batch() * PlainLoops.LOOPS / rate;
    }

    @Override
    public void close() {
      onSpark.close();
    }
  }

  private void speeds(PrintWriter out, JavaSparkContext spark, String choice) throws Exception {
    Workload workload = Workload.named(model);
    List<Contest> contests = new ArrayList<>();
    try (PlainLoops loops = new PlainLoops(workload, choice.equals("auto"))) {
      warmUp(spark, choice, loops);
      for (int between : localSteps) {
        contests.add(new Contest(spark, workload, choice, between));
      }
      List<Double> plain = new ArrayList<>();
      for (int rep = 0; rep < reps; rep++) {
        double rate = loops.run(steps);
        plain.add(rate);
        for (Contest each : contests) {
          each.repeat(loops, rate);
        }
      }
      out.printf(
          "%n%s, minibatch %d, kernels %s, local[%d]; median of %d x %d steps after %d rounds%n",
          workload.title(), workload.batch(), choice, PlainLoops.LOOPS, reps, steps, warmUp);
      out.printf("two plain DL4J loops: %.0f examples/s%n", Median.of(plain));
      out.printf("%6s %24s %24s%n", "", "loops that meet", "Spark rounds");
      out.printf(
          "%6s %14s %9s %14s %9s%n", "H", "examples/s", "of plain", "examples/s", "of plain");
      contests.forEach(each -> each.print(out));
      out.flush();
      parts(out, contests, workload, Median.of(plain));
    } finally {
      contests.forEach(Contest::close);
    }
  }

  private static void parts(
      PrintWriter out, List<Contest> contests, Workload workload, double plain) throws IOException {
    out.printf("%n%-32s", "ms of a round, H =");
    List<RoundParts> columns = new ArrayList<>();
    for (Contest each : contests) {
      out.printf(" %9d", each.between);
      columns.add(each.parts());
    }
    out.println();
    RoundParts.print(out, columns);
    out.printf("%-32s", "as many steps of the plain loops");
    contests.forEach(each -> out.printf(" %9.2f", each.plainMillis(workload, plain)));
    out.println();
    out.flush();
  }

  /** One step a round, so that what a round does beside its steps is compiled soon. */
  private void warmUp(JavaSparkContext spark, String choice, PlainLoops loops) throws Exception {
    try (SparkRounds each = new SparkRounds(spark, loops.workload(), choice, 1)) {
      each.run(warmUp);
    }
    loops.run(Math.max(1, warmUp / 4));
  }
}
