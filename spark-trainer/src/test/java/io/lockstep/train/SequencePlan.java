package io.lockstep.train;

import io.lockstep.compute.Corrections;
import io.lockstep.compute.InitialWeights;
import io.lockstep.data.block.Block;
import io.lockstep.model.Blueprint;
import io.lockstep.model.NetworkBuilder;
import io.lockstep.model.NetworkConfiguration;
import io.lockstep.model.NetworkInput;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanParser;
import java.util.List;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Networks for sequences as a plan gives them, and what plain DL4J is given for the same. */
public enum SequencePlan {
  LSTM(MadeUp.Kind.SERIES, "{lstm: 5}"),
  LSTM_PER_STEP(MadeUp.Kind.SEQUENCES, "{lstm: {units: 5, returnSequences: true}}"),
  LSTM_OF_ONE_LENGTH(MadeUp.Kind.ROWS, "{lstm: {units: 5, dropout: 0.2}}"),
  ELMAN(MadeUp.Kind.SERIES, "{simpleRnn: 5}"),
  ELMAN_PER_STEP(MadeUp.Kind.SEQUENCES, "{simpleRnn: {units: 5, returnSequences: true}}"),
  GRU(MadeUp.Kind.SERIES, "{gru: 5}"),
  GRU_PER_STEP(
      MadeUp.Kind.SEQUENCES, "{gru: {units: 5, returnSequences: true, resetAfter: false}}"),
  STACKED(
      MadeUp.Kind.SERIES,
      "{dense: 4}, {lstm: {units: 5, returnSequences: true}}, {dropout: 0.3}, {lstm: 4}"),
  BACKWARDS(MadeUp.Kind.SERIES, "{lstm: {units: 5, goBackwards: true}}"),
  BACKWARDS_AND_BACK(
      MadeUp.Kind.SEQUENCES,
      "{gru: {units: 5, goBackwards: true, returnSequences: true}},"
          + " {simpleRnn: {units: 4, goBackwards: true, returnSequences: true}}"),
  NORMALIZED(MadeUp.Kind.SERIES, "{dense: 4}, layerNormalization, {lstm: 5}"),
  WORDS(MadeUp.Kind.WORDS, "{embedding: 4}, {lstm: 5}"),
  WORDS_POOLED(
      MadeUp.Kind.WORDS,
      "{embedding: 4}, {conv1d: {filters: 5, kernelSize: 3, padding: same}},"
          + " globalAveragePooling1d"),
  BIDIRECTIONAL_OF_ONE_LENGTH(
      MadeUp.Kind.ROWS,
      "{bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}}}, {lstm: 4}"),
  BIDIRECTIONAL(MadeUp.Kind.SERIES, "{bidirectional: {layer: {lstm: 5}}}"),
  BIDIRECTIONAL_PER_STEP(
      MadeUp.Kind.SEQUENCES,
      "{bidirectional: {layer: {simpleRnn: {units: 5, returnSequences: true}}, mergeMode: sum}}"),
  BIDIRECTIONAL_WORDS(
      MadeUp.Kind.WORDS,
      "{embedding: 4}, {bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}}},"
          + " {lstm: 4}");

  private final MadeUp.Kind kind;
  private final String layers;

  SequencePlan(MadeUp.Kind kind, String layers) {
    this.kind = kind;
    this.layers = layers;
  }

  /** What it is for. */
  public MadeUp.Kind kind() {
    return kind;
  }

  /** Whether plain DL4J trains it right: not where a direction begins with what is filled up. */
  boolean isRightInDl4j() {
    return !layers.contains("bidirectional") || kind == MadeUp.Kind.ROWS;
  }

  /** Whether there are random numbers in a step. */
  boolean drops() {
    return layers.contains("drop");
  }

  /** What makes replicas of it. */
  public Blueprint networks(String optimizer, Kernels kernels) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          loss: categoricalCrossentropy
          optimizer: %s
          layers: [%s, {dense: {units: 2, activation: softmax}}]
        """
            .formatted(optimizer, layers);
    var plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    var vocabulary =
        kind == MadeUp.Kind.WORDS ? OptionalInt.of(MadeUp.Kind.VOCABULARY) : OptionalInt.empty();
    NetworkConfiguration network =
        NetworkBuilder.build(
            plan.plan().model(),
            NetworkInput.of(kind.schema(), vocabulary),
            kind.labels(),
            MadeUp.SEED,
            plan.origins());
    return Blueprint.of(network, new ComputePlan(kernels, 1));
  }

  /** Plain DL4J's network, with the same weights at the start. */
  MultiLayerNetwork plain(String optimizer) {
    String json = networks(optimizer, Kernels.STOCK).json();
    var network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
    InitialWeights.init(network);
    return network;
  }

  /** The same network, which turns each sequence around by itself. */
  MultiLayerNetwork corrected(String optimizer) {
    MultiLayerNetwork network = plain(optimizer);
    Corrections.apply(network);
    return network;
  }

  /** Rows of a block as DL4J takes them, filled up with zeros, with masks if lengths may differ. */
  DataSet padded(Block block, int... rows) {
    boolean ragged = kind != MadeUp.Kind.ROWS;
    boolean perStep = kind == MadeUp.Kind.SEQUENCES;
    int features = kind == MadeUp.Kind.WORDS ? 1 : 3;
    int time = 1;
    for (int row : rows) {
      time = Math.max(time, ragged ? block.steps(0, row) : 6);
    }
    INDArray input = Nd4j.zeros(rows.length, features, time);
    INDArray mask = Nd4j.zeros(rows.length, time);
    INDArray wanted = perStep ? Nd4j.zeros(rows.length, 2, time) : Nd4j.zeros(rows.length, 2);
    for (int i = 0; i < rows.length; i++) {
      int from = ragged ? block.from(0, rows[i]) : rows[i] * 18;
      int steps = ragged ? block.steps(0, rows[i]) : 6;
      for (int step = 0; step < steps; step++) {
        mask.putScalar(i, step, 1);
        for (int j = 0; j < features; j++) {
          input.putScalar(i, j, step, block.values(0).at(from + step * features + j));
        }
        if (perStep) {
          int label = (int) block.values(1).at(block.from(1, rows[i]) + step);
          wanted.putScalar(i, label, step, 1);
        }
      }
      if (!perStep) {
        wanted.putScalar(i, (int) block.values(1).at(rows[i]), 1);
      }
    }
    boolean words = kind == MadeUp.Kind.WORDS;
    return new DataSet(
        words ? input.reshape(rows.length, time) : input,
        wanted,
        ragged ? mask : null,
        perStep ? mask : null);
  }
}
