package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.plan.PlanFile;
import io.lockstep.spark.Fault;
import io.lockstep.spark.FaultOrder;
import io.lockstep.spark.FaultPlugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One hash of the weights per plan, however the plan is executed; leaves the table of
 * docs/reliability.md in {@code target/bits.md}.
 */
@Nightly
class BitsIT {
  private static final int IMAGES = 700;
  private static final int HASH_DIGITS = 16;

  /** Networks over images; those over text are {@link Writings}. */
  private static final Map<String, String> NETWORKS =
      Map.of(
          "LeNet",
          """
          [{conv2d: {filters: 20, kernel: 5}}, {maxPooling2d: 2}, {conv2d: {filters: 50, kernel: 5}}, \
          {maxPooling2d: 2}, flatten, {dense: {units: 500, activation: relu}}, dense]\
          """,
          "cnn3",
          """
          [{conv2d: {filters: 32, kernel: 3, activation: relu}}, {maxPooling2d: 2}, \
          {conv2d: {filters: 64, kernel: 3, activation: relu}}, {maxPooling2d: 2}, \
          {conv2d: {filters: 64, kernel: 3, activation: relu}}, flatten, \
          {dense: {units: 64, activation: relu}}, dense]\
          """,
          "MLP with dropout",
          "[{dense: {units: 128, activation: relu}}, {dropout: 0.4}, dense]");

  @TempDir Path folder;
  private final Map<String, Path> plans = new LinkedHashMap<>();
  private final Map<String, List<String>> hashes = new LinkedHashMap<>();
  private final List<String> shapes = new ArrayList<>();

  @Test
  void oneHashPerPlan() throws Exception {
    layDown();
    train("in one process", Optional.empty(), false);
    for (String master : List.of("local[1]", "local[4]")) {
      try (JavaSparkContext spark = Sessions.open(master)) {
        train(master, Optional.of(spark), false);
      }
    }
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1, 1)) {
      for (int executors = 1; executors <= 3; executors++) {
        try (JavaSparkContext spark = open(cluster, executors)) {
          train("standalone, executors: " + executors, Optional.of(spark), false);
        }
      }
      try (JavaSparkContext spark = open(cluster, 2)) {
        train("standalone, executors: 2, one killed in mid-round", Optional.of(spark), true);
      }
    }
    Files.writeString(Path.of("target", "bits.md"), table());
    assertThat(hashes.values())
        .allSatisfy(each -> assertThat(each).hasSize(shapes.size()).containsOnly(each.get(0)));
  }

  private static JavaSparkContext open(SparkCluster cluster, int executors) {
    return Sessions.open(cluster.url(), "spark.cores.max", Integer.toString(executors));
  }

  private void layDown() throws IOException {
    Digits.writeImages("train", IMAGES, Files.newOutputStream(folder.resolve("images")));
    Digits.writeLabels("train", IMAGES, Files.newOutputStream(folder.resolve("labels")));
    for (String name : List.of("LeNet", "cnn3", "MLP with dropout")) {
      Path file = folder.resolve(name + ".yaml");
      Files.writeString(
          file,
          """
          name: bits
          seed: 7
          data:
            train: {idx: {images: "%s", labels: "%s"}}
            validation: 0.1
            normalize: scale
          model:
            task: classification
            layers: %s
            optimizer: {adam: {learningRate: 0.001}}
          training: {mode: averaging, replicas: 3, batch: 16, localSteps: 4, epochs: 1}
          run: {engine: inProcess}
          """
              .formatted(folder.resolve("images"), folder.resolve("labels"), NETWORKS.get(name)));
      plans.put(name, file);
    }
    for (Writings writings : Writings.values()) {
      Path own = Files.createDirectory(folder.resolve(writings.name()));
      writings.writeInto(own);
      plans.put(
          writings == Writings.NAMES ? "names, GRU both ways" : "characters, LSTM and GRU, carry",
          own.resolve(writings.name() + ".yaml"));
    }
  }

  /** Trains all plans; the executor of the second replica may die once. */
  private void train(String shape, Optional<JavaSparkContext> spark, boolean death)
      throws Exception {
    shapes.add(shape);
    for (String plan : plans.keySet()) {
      String run = folder.resolve(plan.replaceAll("\\W", "") + "-" + shapes.size()).toString();
      Training training =
          Training.of(PlanFile.resolve(plans.get(plan).toString(), List.of(), new Configuration()))
              .directory(run);
      if (spark.isPresent()) {
        training.spark(spark.get());
        if (death) {
          training.listener(deathInMidRun());
        }
      }
      training.run();
      hashes.computeIfAbsent(plan, any -> new ArrayList<>()).add(hash(Path.of(run, "model.zip")));
    }
  }

  private static TrainingListener deathInMidRun() {
    return SmallRun.between(
        Map.of(1, () -> FaultPlugin.faults().order(FaultOrder.next(Fault.DEATH, 1, 1))));
  }

  /** SHA-256 of the weights; the other entries and the zip hold times. */
  private static String hash(Path model) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    try (ZipFile zip = new ZipFile(model.toFile());
        InputStream in =
            new DigestInputStream(zip.getInputStream(zip.getEntry("coefficients.bin")), sha)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest()).substring(0, HASH_DIGITS);
  }

  private String table() {
    StringBuilder text = new StringBuilder("| executed |");
    hashes.keySet().forEach(plan -> text.append(' ').append(plan).append(" |"));
    text.append("\n|---|").append("---|".repeat(hashes.size())).append('\n');
    for (int shape = 0; shape < shapes.size(); shape++) {
      text.append("| ").append(shapes.get(shape)).append(" |");
      for (List<String> each : hashes.values()) {
        text.append(" `").append(each.get(shape)).append("` |");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
