package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.Scores;
import io.lockstep.app.Scoring;
import io.lockstep.app.Training;
import io.lockstep.data.InputException;
import io.lockstep.it.Lockstep.Outcome;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores are the same, file by file, whatever dies while they are written. */
@ExtendWith(Clusters.class)
class ScoreIT {
  private static final int FILES = 10;

  @TempDir static Path folder;
  private static String model;

  @BeforeAll
  static void train() throws IOException {
    write("train", 1, 300);
    model = folder.resolve("run").toString();
    Training.of(
            PlanBuilder.named("rings")
                .train("csv: {path: %s/train, label: ring, features: [x, y]}".formatted(folder))
                .layers("dense: {units: 16, activation: tanh}", "dense: 3")
                .set("model.task", "classification")
                .optimizer("adam: {learningRate: 0.02}")
                .replicas(2)
                .batch(16)
                .epochs(1)
                .set("run.engine", "inProcess")
                .directory(model)
                .build())
        .run();
  }

  private static void write(String name, int files, int rows) throws IOException {
    Files.createDirectories(folder.resolve(name));
    Random random = new Random(rows);
    for (int file = 0; file < files; file++) {
      Path path = folder.resolve(name).resolve("points-%02d.csv".formatted(file));
      try (var out = new PrintWriter(Files.newBufferedWriter(path))) {
        out.print("id,x,y,ring\n");
        for (int row = 0; row < rows; row++) {
          double x = random.nextDouble() * 2 - 1;
          double y = random.nextDouble() * 2 - 1;
          String ring = x * x + y * y < 0.3 ? "in" : x * x + y * y < 1 ? "on" : "out";
          out.printf(Locale.ROOT, "%d-%d,%.4f,%.4f,%s\n", file, row, x, y, ring);
        }
      }
    }
  }

  @Test
  void anExecutorKilledInTheMiddle(SparkCluster cluster) throws IOException {
    killedInTheMiddle(cluster, 20_000);
  }

  @Test
  @Nightly
  void aMillionRowsAndAnExecutorKilledInTheMiddle(SparkCluster cluster) throws IOException {
    killedInTheMiddle(cluster, 1_000_000 / FILES);
  }

  private static void killedInTheMiddle(SparkCluster cluster, int rows) throws IOException {
    String data = folder.resolve("data-" + rows).toString();
    write("data-" + rows, FILES, rows);
    Path undisturbed = folder.resolve("undisturbed-" + rows);
    Path bereft = folder.resolve("bereft-" + rows);
    try (JavaSparkContext spark = Sessions.open("local[1]")) {
      Scoring.of(model).data(data).spark(spark).write(undisturbed.toString());
    }

    var murder = new Murder(cluster);
    Scores scores;
    try (JavaSparkContext spark = Sessions.open(cluster.url())) {
      spark.sc().addSparkListener(murder);
      scores = Scoring.of(model).data(data).spark(spark).write(bereft.toString());
    }

    assertThat(murder.killed).hasSize(1);
    assertThat(murder.lostTasks.get()).as("tasks that died").isPositive();
    assertThat(scores.rows()).isEqualTo((long) FILES * rows);
    assertThat(scores.records()).isEqualTo((long) FILES * rows);
    assertThat(rowsOf(bereft)).isEqualTo(rowsOf(undisturbed)).hasSize(FILES);
    assertThat(rowsOf(bereft).stream().mapToInt(List::size)).containsOnly(rows + 1);
    assertThat(bereft.resolve("_SUCCESS")).exists();
    assertThat(bereft.resolve("_temporary")).doesNotExist();
  }

  /** Copies of the tasks that hang are committed; what those would write later is not. */
  @Test
  @Nightly
  void anExecutorThatHangsAndTasksThatRunTwice() throws Exception {
    int rows = 20_000;
    String data = folder.resolve("hung").toString();
    write("hung", FILES, rows);
    Path once = folder.resolve("once");
    Path twice = folder.resolve("twice");
    try (JavaSparkContext spark = Sessions.open("local[1]")) {
      Scoring.of(model).data(data).spark(spark).write(once.toString());
    }

    var stopped = new AtomicReference<ProcessHandle>();
    var copies = new AtomicInteger();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark =
            Sessions.open(
                cluster.url(),
                "spark.speculation",
                "true",
                "spark.speculation.quantile",
                "0.2",
                "spark.network.timeout",
                "1h",
                "spark.executor.heartbeatInterval",
                "1s")) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                private int started;

                @Override
                public void onTaskStart(SparkListenerTaskStart start) {
                  copies.addAndGet(start.taskInfo().speculative() ? 1 : 0);
                  if (++started == 4) {
                    ProcessHandle executor =
                        cluster.executor(start.taskInfo().executorId()).orElseThrow();
                    stopped.set(executor);
                    Signal.STOP.to(executor);
                  }
                }
              });

      Scores scores = Scoring.of(model).data(data).spark(spark).write(twice.toString());

      assertThat(copies.get()).as("tasks that ran twice").isPositive();
      assertThat(scores.rows()).isEqualTo((long) FILES * rows);
      Signal.CONT.to(stopped.get()); // its attempt wakes, and finds that it lost
    }
    assertThat(rowsOf(twice)).isEqualTo(rowsOf(once)).hasSize(FILES);
  }

  /** Whenever it dies, one of the two is there, whole; the next run leaves nothing of the other. */
  @Nightly
  @ParameterizedTest
  @CsvSource({
    "rename /.scores.old-, old", // before the old ones step aside
    "rename /scores$, new", // before the new ones take their place
    "delete /.scores.old-, new", // before the old ones are deleted
  })
  void theDriverKilledAsNewScoresTakeThePlaceOfOldOnes(String death, String left) throws Exception {
    for (String name : List.of("old", "new")) {
      write(name, 2, name.equals("old") ? 90 : 120);
    }
    Path scores = Files.createTempDirectory(folder, "replaced").resolve("scores");
    Map<String, List<List<String>>> rows = new HashMap<>();
    try (JavaSparkContext spark = Sessions.open("local[1]")) {
      for (String name : List.of("new", "old")) {
        scoring(name).spark(spark).overwrite().write(scores.toString());
        rows.put(name, rowsOf(scores));
      }
    }

    Outcome outcome =
        Lockstep.java(Replacing.class, model, folder + "/new", scores.toString(), death)
            .with("JAVA_TOOL_OPTIONS", Lockstep.BRIEF)
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(DyingDriver.EXIT_CODE);
    try (JavaSparkContext spark = Sessions.open("local[1]")) {
      Scoring again = scoring("new").spark(spark);
      assertThatThrownBy(() -> again.write(scores.toString()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is there already");
      assertThat(rowsOf(scores)).isEqualTo(rows.get(left));
      again.overwrite().write(scores.toString());
    }
    assertThat(rowsOf(scores)).isEqualTo(rows.get("new"));
    assertThat(scores.getParent()).isDirectoryNotContaining("glob:**.scores.*");
  }

  private static Scoring scoring(String data) {
    return Scoring.of(model).data(folder.resolve(data).toString());
  }

  /** A driver of its own, that dies: {@code MODEL DATA SCORES DEATH}. */
  static final class Replacing {
    private Replacing() {}

    public static void main(String[] args) throws Exception {
      System.setProperty(HaltingFileSystem.PROPERTY, args[3]);
      Configuration hadoop = new Configuration();
      hadoop.set("fs.file.impl", HaltingFileSystem.class.getName());
      hadoop.setBoolean("fs.file.impl.disable.cache", true);
      try (JavaSparkContext spark = Sessions.open("local[1]")) {
        Scoring.of(args[0]).data(args[1]).spark(spark).hadoop(hadoop).overwrite().write(args[2]);
      }
    }
  }

  /** The lines of each file, in the order of the files. */
  private static List<List<String>> rowsOf(Path scores) throws IOException {
    List<List<String>> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(scores)) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().startsWith("part-")).sorted().toList()) {
        all.add(Files.readAllLines(file));
      }
    }
    return all;
  }

  /** Kills the executor of the first task that starts after some have ended. */
  private static final class Murder extends SparkListener {
    private final SparkCluster cluster;
    private final AtomicInteger ended = new AtomicInteger();
    private final Set<String> killed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lostTasks = new AtomicInteger();

    Murder(SparkCluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      ended.incrementAndGet();
      if (end.reason() instanceof ExecutorLostFailure) {
        lostTasks.incrementAndGet();
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      if (ended.get() >= 3 && killed.isEmpty()) {
        String id = start.taskInfo().executorId();
        cluster.executor(id).orElseThrow().destroyForcibly();
        killed.add(id);
      }
    }
  }
}
