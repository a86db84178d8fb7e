package io.lockstep.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * One small plan with all that could tell two executions apart: three replicas on two cores, shards
 * that do not divide, dropout, an optimizer with state, two sorts of layers. Its files lie in a
 * folder of any file system; every execution of it must end with the same bits.
 */
final class Experiment {
  static final int EPOCHS = 4;

  private static final int EXAMPLES = 1403;
  private static final int TEST_EXAMPLES = 200;

  private final FileSystem files;
  private final Path folder;

  private Experiment(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Lays the data down in a local folder. */
  static Experiment in(java.nio.file.Path folder) throws IOException {
    FileSystem local = FileSystem.getLocal(new Configuration()).getRaw();
    return new Experiment(local, new Path(folder.toUri())).prepare();
  }

  /** Lays the data down in HDFS. */
  static Experiment in(MiniDfs dfs, String folder) throws IOException {
    return new Experiment(dfs.fileSystem(), new Path(dfs.url(folder))).prepare();
  }

  /** Address of a file or folder of the experiment. */
  String path(String name) {
    return new Path(folder, name).toString();
  }

  /** The arguments that train it into the run directory {@code run}. */
  String[] train(String run, String... more) {
    List<String> args = new ArrayList<>(List.of("train", path("plan.yaml")));
    args.addAll(List.of("--progress", "plain", "--set", "run.directory=" + path(run)));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  /** The arguments that go on with the run of {@code run}. */
  String[] resume(String run, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--resume", path(run)));
    args.addAll(List.of("--progress", "plain"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  /** The model of a run, read by DL4J alone. */
  Model model(String run) throws IOException {
    java.nio.file.Path copy = Files.createTempFile("model", ".zip");
    try {
      try (InputStream in = files.open(new Path(path(run), "model.zip"))) {
        Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      return Model.read(copy);
    } finally {
      Files.delete(copy);
    }
  }

  boolean exists(String name) throws IOException {
    return files.exists(new Path(path(name)));
  }

  private Experiment prepare() throws IOException {
    Digits.writeImages("train", EXAMPLES, create("train-images"));
    Digits.writeLabels("train", EXAMPLES, create("train-labels"));
    Digits.writeImages("t10k", TEST_EXAMPLES, create("test-images"));
    Digits.writeLabels("t10k", TEST_EXAMPLES, create("test-labels"));
    try (OutputStream out = create("plan.yaml")) {
      out.write(
          """
          name: experiment
          seed: 7
          data:
            train: {idx: {images: "%s", labels: "%s"}}
            test: {idx: {images: "%s", labels: "%s"}}
            validation: 0.1
            normalize: standardize
          model:
            layers:
              - conv2d: {filters: 4, kernel: 5, activation: relu}
              - maxPooling2d: 4
              - dropout: 0.3
              - dense: {units: 10, activation: softmax}
            loss: categoricalCrossentropy
            optimizer: {adam: {learningRate: 0.003}}
          training: {mode: averaging, replicas: 3, batch: 16, localSteps: 4, epochs: %d}
          run: {checkpointRounds: 5}
          """
              .formatted(
                  path("train-images"),
                  path("train-labels"),
                  path("test-images"),
                  path("test-labels"),
                  EPOCHS)
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return this;
  }

  private OutputStream create(String name) throws IOException {
    return files.create(new Path(folder, name));
  }

  /** All of a model that training decides; equal if every bit is. */
  record Model(List<Float> parameters, List<Float> updater, int steps) {
    static Model read(java.nio.file.Path zip) throws IOException {
      if (isGraph(zip)) {
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip.toFile(), true);
        Model model =
            new Model(
                boxed(graph.params().dup().data().asFloat()),
                boxed(graph.getUpdater().getStateViewArray().dup().data().asFloat()),
                graph.getConfiguration().getIterationCount());
        graph.close();
        return model;
      }
      MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(zip.toFile(), true);
      Model model =
          new Model(
              boxed(network.params().dup().data().asFloat()),
              boxed(network.updaterState().dup().data().asFloat()),
              network.getIterationCount());
      network.close();
      return model;
    }

    private static boolean isGraph(java.nio.file.Path zip) throws IOException {
      try (var file = new ZipFile(zip.toFile())) {
        var in = file.getInputStream(file.getEntry(ModelSerializer.CONFIGURATION_JSON));
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("\"networkInputs\"");
      }
    }

    private static List<Float> boxed(float[] values) {
      List<Float> boxed = new ArrayList<>(values.length);
      for (float value : values) {
        boxed.add(value);
      }
      return boxed;
    }
  }
}
