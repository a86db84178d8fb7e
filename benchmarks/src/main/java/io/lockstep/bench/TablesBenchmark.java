package io.lockstep.bench;

import io.lockstep.bench.TableData.Split;
import io.lockstep.spark.SparkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How well and how fast tables are learnt, beside what else a team with Spark would take. */
@Command(
    name = "tables",
    description = "tables beside Spark's MultilayerPerceptronClassifier and XGBoost4J-Spark",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TablesBenchmark implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "with adult-train.csv, adult-test.csv and housing.data of UCI (default:"
              + " ${DEFAULT-VALUE})")
  private Path data = Path.of("../shared/data/users");

  @Option(names = "--master", description = "of Spark (default: ${DEFAULT-VALUE})")
  private String master = "local[2]";

  @Option(
      names = "--reps",
      description = "repetitions after one that is not timed; the median counts (default: 3)")
  private int reps = 3;

  @Spec private CommandSpec spec;

  /** Reads the files, trains and measures; the figure. */
  @FunctionalInterface
  private interface Peer {
    double learn() throws IOException;
  }

  private record Outcome(double figure, double first, double seconds) {}

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("tables");
    try (SparkSession session = SparkSession.builder().config(conf()).getOrCreate()) {
      session.sparkContext().setLogLevel("ERROR");
      for (TableData table : TableData.values()) {
        Split files = table.files(data, folder);
        print(table, measured(peers(session, table, files, folder)));
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return 0;
  }

  /** As the peers want it: any class may travel, and few partitions for a small table. */
  private SparkConf conf() {
    return SparkSettings.local(master, "tables")
        .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
        .set("spark.kryo.registrationRequired", "false")
        .set("spark.sql.shuffle.partitions", "2");
  }

  private static Map<String, Peer> peers(
      SparkSession session, TableData table, Split files, Path folder) {
    Map<String, Peer> peers = new LinkedHashMap<>();
    peers.put("Lockstep", () -> table.lockstep(session, files, folder.resolve("run")));
    var spark = new SparkMlPeers(session, table, files);
    if (table.classes()) {
      peers.put("MultilayerPerceptronClassifier", spark::perceptron);
    }
    peers.put("XGBoost4J-Spark", spark::boostedTrees);
    return peers;
  }

  /** One of each in turn, the first round untimed but for what a cold start takes. */
  private Map<String, Outcome> measured(Map<String, Peer> peers) throws IOException {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int rep = 0; rep <= reps; rep++) {
      for (Map.Entry<String, Peer> peer : peers.entrySet()) {
        long begin = System.nanoTime();
        figures.put(peer.getKey(), peer.getValue().learn());
        seconds
            .computeIfAbsent(peer.getKey(), it -> new ArrayList<>())
            .add((System.nanoTime() - begin) / 1e9);
      }
    }
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    seconds.forEach(
        (name, all) ->
            outcomes.put(
                name,
                new Outcome(figures.get(name), all.get(0), Median.of(all.subList(1, all.size())))));
    return outcomes;
  }

  private void print(TableData table, Map<String, Outcome> outcomes) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s on %s: from the files to the figure; median of %d after the first%n",
        table.name().toLowerCase(Locale.ROOT),
        master,
        reps);
    out.printf(
        Locale.ROOT,
        "%-32s %10s %8s %8s %12s%n",
        "",
        table.metric,
        "first s",
        "then s",
        "x Lockstep");
    double base = outcomes.get("Lockstep").seconds();
    outcomes.forEach(
        (name, it) ->
            out.printf(
                Locale.ROOT,
                "%-32s %10.4f %8.2f %8.2f %12.2f%n",
                name,
                it.figure(),
                it.first(),
                it.seconds(),
                it.seconds() / base));
    out.println();
    out.flush();
  }
}
