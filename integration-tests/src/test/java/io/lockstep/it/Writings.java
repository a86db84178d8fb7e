package io.lockstep.it;

import io.lockstep.app.Training;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Two small plans over text, with all that sequences add to what could tell two executions apart:
 * names of any length with one label each, and running text whose state is carried from window to
 * window. Three replicas on two cores, and shards that do not divide.
 */
enum Writings {
  /** Five rounds an epoch. */
  NAMES(
      "names-train.tsv",
      25,
      "{textCsv: {path: %s, text: name, label: language, delimiter: tab, tokens: character}}",
      """
          - bidirectional: {layer: {gru: {units: 6, returnSequences: true}}}
          - simpleRnn: {units: 8, dropout: 0.2}
          - dense: {units: 18, activation: softmax}
      """,
      false),

  /** Six rounds an epoch. */
  CHARACTERS(
      "shakespeare-train.txt",
      40,
      "{textWindows: {path: %s, length: 20}}",
      """
          - lstm: {units: 8, returnSequences: true}
          - gru: {units: 8, returnSequences: true, dropout: 0.2}
          - dense: {activation: softmax}
      """,
      true);

  private static final int CHECKPOINT_ROUNDS = 2;

  private final String resource;
  private final int oneLineOf;
  private final String source;
  private final String layers;
  private final boolean stateful;

  Writings(String resource, int oneLineOf, String source, String layers, boolean stateful) {
    this.resource = resource;
    this.oneLineOf = oneLineOf;
    this.source = source;
    this.layers = layers;
    this.stateful = stateful;
  }

  /** Lays data and plan down in a folder. */
  void writeInto(Path folder) throws IOException {
    Path data = folder.resolve(resource);
    Files.write(data, lines());
    Files.writeString(
        plan(folder),
        """
        name: writings
        seed: 7
        data: {train: %s, validation: 0.1}
        model:
          layers:
            - embedding: 6
        %s\
          loss: categoricalCrossentropy
          optimizer: {adam: {learningRate: 0.01}}
        training: {mode: averaging, replicas: 3, batch: 8, localSteps: 4, epochs: 2, stateful: %s}
        run: {engine: inProcess, checkpointRounds: %d}
        """
            .formatted(
                source.formatted('"' + data.toString() + '"'),
                layers,
                stateful,
                CHECKPOINT_ROUNDS));
  }

  /** A training of the plan in {@code folder} into the run directory {@code run} there. */
  Training train(Path folder, String run) throws IOException {
    ResolvedPlan plan = PlanFile.resolve(plan(folder).toString(), List.of(), new Configuration());
    return Training.of(plan).directory(run(folder, run));
  }

  /** Address of a run directory. */
  String run(Path folder, String run) {
    return folder.resolve(name() + "-" + run).toString();
  }

  /** What training in {@code folder} made. */
  Experiment.Model model(Path folder, String run) throws IOException {
    return Experiment.Model.read(Path.of(run(folder, run), "model.zip"));
  }

  private Path plan(Path folder) {
    return folder.resolve(name() + ".yaml");
  }

  /** Some lines of the embedded file, from all over it. */
  private List<String> lines() throws IOException {
    try (InputStream in =
            EmbeddedSource.class.getResourceAsStream("/io/lockstep/data/text/" + resource + ".gz");
        var reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      List<String> all = reader.lines().toList();
      return Stream.iterate(0, i -> i < all.size(), i -> i + oneLineOf).map(all::get).toList();
    }
  }
}
