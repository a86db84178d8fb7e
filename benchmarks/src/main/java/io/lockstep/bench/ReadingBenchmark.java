package io.lockstep.bench;

import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.text.TextWindowsSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.ingest.DataRequest;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.spark.SparkPlace;
import io.lockstep.spark.SparkSettings;
import io.lockstep.train.LoadedData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What reading a table or running text for several replicas costs beside parsing it once: a pass of
 * the same parser over the same splits on as many cores, keeping nothing.
 *
 * <p>Of text that pass counts tokens, from which windows know where they begin; reading it counts
 * them, reads the windows, and learns the vocabulary.
 */
@Command(
    name = "reading",
    description = "a CSV or text file read for 1 and 4 replicas, beside one pass of the parser",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReadingBenchmark implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description =
          "as scripts/data/MakeLarge.java makes it: a table with a column 'class', or *.txt")
  private Path file;

  @Option(names = "--reps", description = "of which the median counts (default: ${DEFAULT-VALUE})")
  private int reps = 5;

  @Option(names = "--cores", description = "of Spark and of the pass (default: ${DEFAULT-VALUE})")
  private int cores = 2;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (JavaSparkContext spark =
        new JavaSparkContext(SparkSettings.local("local[" + cores + "]", "reading"))) {
      if (!file.toString().endsWith(".txt")) {
        measure(spark, "CSV", new CsvSource(file.toString(), CsvOptions.classes("class")));
        return 0;
      }
      measure(spark, "text, characters", text(Unit.CHARACTER, Standardize.NONE));
      measure(spark, "text, words", text(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION));
    }
    return 0;
  }

  /** Windows of 100 tokens, made as plans make them. */
  private ExampleSource text(Unit unit, Standardize standardize) {
    return new TextWindowsSource(
        file.toString(),
        100,
        100,
        TextEncoding.UTF_8,
        TextOptions.of(new Tokenizer(unit, standardize, Unicode.NFC)));
  }

  private void measure(JavaSparkContext spark, String what, ExampleSource source) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Double> pass = new ArrayList<>();
    List<List<Double>> phases = List.of(new ArrayList<>(), new ArrayList<>());
    List<List<Double>> wholes = List.of(new ArrayList<>(), new ArrayList<>());
    int[] replicas = {1, 4};
    long bytes = source.layout(new Configuration()).bytes();
    for (int rep = -1; rep < reps; rep++) { // the first compiles
      double parsed = pass(source);
      if (rep >= 0) {
        pass.add(parsed);
      }
      for (int i = 0; i < replicas.length; i++) {
        Times times = ingest(spark, source, replicas[i]);
        if (rep >= 0) {
          phases.get(i).add(times.reading());
          wholes.get(i).add(times.all());
        }
      }
    }
    double base = Median.of(pass);
    out.printf("%,d bytes of %s on %d cores, median of %d%n", bytes, what, cores, reps);
    out.printf("%-44s %8s %8s %10s%n", "", "seconds", "MB/s", "x a pass");
    line(out, "one pass of the parser, keeping nothing", base, base, bytes);
    for (int i = 0; i < replicas.length; i++) {
      String whom = "for " + replicas[i] + (replicas[i] == 1 ? " replica" : " replicas");
      line(out, "read and kept " + whom, Median.of(phases.get(i)), base, bytes);
      line(out, "  and dealt to them", Median.of(wholes.get(i)), base, bytes);
    }
    out.flush();
  }

  private static void line(PrintWriter out, String what, double seconds, double base, long bytes) {
    out.printf("%-44s %8.2f %8.1f %10.2f%n", what, seconds, bytes / 1e6 / seconds, seconds / base);
  }

  /** Seconds of a pass: each core takes the next split. */
  private double pass(ExampleSource source) throws Exception {
    Configuration hadoop = new Configuration();
    SourceLayout layout = source.layout(hadoop);
    ExecutorService pool = Executors.newFixedThreadPool(cores);
    long begin = System.nanoTime();
    try {
      List<Future<Long>> splits = new ArrayList<>();
      for (SourceSplit split : layout.splits()) {
        splits.add(pool.submit(() -> parse(source, hadoop, layout, split)));
      }
      for (Future<Long> split : splits) {
        split.get();
      }
    } finally {
      pool.shutdownNow();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static long parse(
      ExampleSource source, Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    try (SplitReader reader = source.open(hadoop, layout, split)) {
      while (reader.next().isPresent()) {
        // the next
      }
      return reader.report().examples();
    }
  }

  /**
   * @param reading seconds until all is read
   * @param all seconds until each example is with its replica
   */
  private record Times(double reading, double all) {}

  private static Times ingest(JavaSparkContext spark, ExampleSource source, int replicas)
      throws IOException {
    long[] read = new long[1];
    var request =
        new DataRequest(source, Optional.empty(), 0, replicas, 1, Normalization.NONE, 64L << 20);
    long begin = System.nanoTime();
    try (SparkPlace place = SparkPlace.of(spark, spark.hadoopConfiguration());
        LoadedData data =
            place.load(
                request,
                (doing, share) -> {
                  if (doing.startsWith("reading") && share == 1) {
                    read[0] = System.nanoTime();
                  }
                })) {
      if (data.dealt().settled().examples() == 0) {
        throw new IOException("nothing was read");
      }
      long end = System.nanoTime();
      return new Times((read[0] - begin) / 1e9, (end - begin) / 1e9);
    }
  }
}
