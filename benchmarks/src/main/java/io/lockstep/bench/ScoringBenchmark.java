package io.lockstep.bench;

import io.lockstep.app.Scoring;
import io.lockstep.app.Training;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.data.source.idx.IdxSource;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.Scorer;
import io.lockstep.score.Wanted;
import io.lockstep.spark.SparkSettings;
import java.io.BufferedWriter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What Spark costs beside a plain loop that reads, scores and writes CSV in one thread, and what a
 * second executor brings.
 */
@Command(
    name = "scoring",
    description = "scoring on Spark beside a plain loop, and on two executors beside one",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoringBenchmark implements Callable<Integer> {
  private static final int BATCH = 256;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "table (10-64-64-3 on rows of a CSV file) or lenet (digits in IDX) (default:"
              + " ${DEFAULT-VALUE})")
  private String model = "table";

  @Option(names = "--examples", description = "to score (default: ${DEFAULT-VALUE})")
  private int examples = 1_000_000;

  @Option(
      names = "--executors",
      split = ",",
      paramLabel = "N",
      description = "executors of one core; 0: this JVM, local[1] (default: 0,1,2)")
  private List<Integer> executors = List.of(0, 1, 2);

  @Option(
      names = "--reps",
      description = "repetitions after one that is not timed; the median counts (default: 3)")
  private int reps = 3;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("scoring");
    try {
      measure(folder);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void measure(Path folder) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    boolean table = model.equals("table");
    ExampleSource data = table ? table(folder, examples, 7) : digits(folder, examples);
    String trained = table ? trainTable(folder) : trainLenet(folder);
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("plain loop, one thread", median(() -> plain(folder, trained, data)));
    for (int count : executors) {
      try (JavaSparkContext spark = new JavaSparkContext(conf(count))) {
        rates.put(
            count == 0 ? "local[1]" : count + (count == 1 ? " executor" : " executors"),
            median(
                () ->
                    Scoring.of(trained)
                        .data(data)
                        .spark(spark)
                        .overwrite()
                        .write(folder.resolve("scores").toString())
                        .rows()));
      }
    }
    out.printf(
        Locale.ROOT,
        "%s, %,d examples, minibatch %d, executors of one core; median of %d%n%-28s %12s %10s%n",
        model,
        examples,
        BATCH,
        reps,
        "",
        "examples/s",
        "x plain");
    double base = rates.values().iterator().next();
    rates.forEach(
        (name, rate) -> out.printf(Locale.ROOT, "%-28s %,12.0f %10.2f%n", name, rate, rate / base));
    out.flush();
  }

  private double median(Callable<Long> work) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int rep = -1; rep < reps; rep++) {
      long begin = System.nanoTime();
      long rows = work.call();
      if (rows != examples) {
        throw new IllegalStateException("%d rows of %d examples".formatted(rows, examples));
      }
      if (rep >= 0) {
        rates.add(rows * 1e9 / (System.nanoTime() - begin));
      }
    }
    return Median.of(rates);
  }

  /** Reads, scores and writes in this thread. */
  private static long plain(Path folder, String trained, ExampleSource data) throws IOException {
    var hadoop = new Configuration(false);
    ModelFile file = ModelFile.read(trained + "/model.zip", Kernels.AUTO, hadoop);
    var scoring =
        ModelScoring.of(
            file, data, ToScore.everything(), Wanted.PREDICTION.flattened(), BATCH, hadoop);
    long rows = 0;
    try (Scorer scorer = scoring.work().open();
        BufferedWriter out = Files.newBufferedWriter(folder.resolve("plain.csv"))) {
      for (SourceSplit split : scoring.layout().splits()) {
        try (SplitReader reader = scoring.source().open(hadoop, scoring.layout(), split)) {
          for (Optional<Block> it = reader.next(); it.isPresent(); it = reader.next()) {
            Block block = it.get();
            List<Object[]> passed = new ArrayList<>(reader.passed());
            for (int row = passed.size(); row < block.size(); row++) {
              passed.add(new Object[] {split.from() + block.id(row)});
            }
            for (Object[] row : scorer.score(block, passed)) {
              for (int i = 0; i < row.length; i++) {
                out.write(i == 0 ? "" : ",");
                out.write(row[i].toString());
              }
              out.write('\n');
              rows++;
            }
          }
        }
      }
    }
    return rows;
  }

  private static CsvSource table(Path folder, int rows, long seed) throws IOException {
    Path path = folder.resolve("table-" + seed + ".csv");
    Random random = new Random(seed);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(path))) {
      out.println("id,a,b,c,d,e,f,g,h,i,j,kind");
      var line = new StringBuilder();
      for (int row = 0; row < rows; row++) {
        line.setLength(0);
        line.append(row);
        double sum = 0;
        for (int i = 0; i < 10; i++) {
          int value = random.nextInt(20_000) - 10_000;
          sum += value;
          line.append(',').append(value / 1e4);
        }
        out.println(line.append(',').append(sum < -2e4 ? "low" : sum < 2e4 ? "middle" : "high"));
      }
    }
    return new CsvSource(
        path.toString(),
        CsvOptions.classes("kind").withFeatures("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
  }

  private static String trainTable(Path folder) throws IOException {
    return train(
        folder,
        PlanBuilder.named("table")
            .train(
                "csv: {path: '%s', label: kind, features: [a, b, c, d, e, f, g, h, i, j]}"
                    .formatted(table(folder, 2_000, 8).path()))
            .layers(
                "dense: {units: 64, activation: relu}",
                "dense: {units: 64, activation: relu}",
                "dense: {units: 3, activation: softmax}"));
  }

  private static String trainLenet(Path folder) throws IOException {
    return train(
        folder,
        PlanBuilder.named("lenet")
            .train("embedded: {name: mnist-10k, part: test}")
            .normalize(Normalization.SCALE)
            .layers(
                "conv2d: {filters: 20, kernel: 5}",
                "maxPooling2d: 2",
                "conv2d: {filters: 50, kernel: 5}",
                "maxPooling2d: 2",
                "dense: {units: 500, activation: relu}",
                "dense: {units: 10, activation: softmax}"));
  }

  private static String train(Path folder, PlanBuilder plan) throws IOException {
    String run = folder.resolve("run").toString();
    Training.of(
            plan.loss("categoricalCrossentropy")
                .optimizer("adam: {learningRate: 0.003}")
                .batch(64)
                .epochs(1)
                .set("run.engine", "inProcess")
                .directory(run)
                .build())
        .run();
    return run;
  }

  /** The embedded digits, again and again. */
  private static IdxSource digits(Path folder, int count) throws IOException {
    Block digits =
        Block.concat(
            SourceReading.blocks(
                new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TEST),
                new Configuration(false)));
    int width = digits.schema().inputs().get(0).width();
    Path images = folder.resolve("images");
    Path labels = folder.resolve("labels");
    try (var pixels =
            new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(images)));
        var classes =
            new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(labels)))) {
      for (int number : new int[] {0x803, count, 28, 28}) {
        pixels.writeInt(number);
      }
      classes.writeInt(0x801);
      classes.writeInt(count);
      byte[] values = (byte[]) digits.values(0).array();
      for (int i = 0; i < count; i++) {
        int digit = i % digits.size();
        pixels.write(values, digit * width, width);
        classes.writeByte((int) digits.values(1).at(digit));
      }
    }
    return new IdxSource(images.toString(), labels.toString());
  }

  private static SparkConf conf(int count) {
    if (count == 0) {
      return SparkSettings.local("local[1]", "scoring");
    }
    return SparkSettings.local("local-cluster[%d,1,1024]".formatted(count), "scoring")
        .set("spark.executor.memory", "1024m")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executorEnv.OMP_NUM_THREADS", "1");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.sorted(java.util.Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }
}
