package io.lockstep.compute;

import static io.lockstep.compute.SequenceNets.lstm;
import static io.lockstep.compute.SequenceNets.mask;
import static io.lockstep.compute.SequenceNets.perSequence;
import static io.lockstep.compute.SequenceNets.perStep;
import static io.lockstep.compute.SequenceNets.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.compute.SequenceNets.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Recurrent kernels inside other layers, in graphs, and several at once. */
class RecurrentWrappersTest {
  private static final RNNFormat NCW = RNNFormat.NCW;
  private static final Shape SHAPE = new Shape(6, 9, 5, 10, 7);
  private static final Shape WORDS = new Shape(50, 9, 5, 10, 7);

  @Test
  void theLastTimeStepOfSequencesOfUnevenLengthMayBeTaken() {
    SequencesAsStock.check(
        "last step, masked",
        perSequence(SHAPE, NCW, lstm(SHAPE, NCW), new LastTimeStep(lstm(SHAPE, NCW))),
        seed -> {
          DataSet data = perSequence(SHAPE, seed);
          data.setFeaturesMaskArray(mask(SHAPE, seed));
          return data;
        });
  }

  @Test
  void stepsOfNothingMayBeMasked() {
    var masking = new MaskZeroLayer.Builder().setUnderlying(lstm(SHAPE, NCW)).build();
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, masking);
    assertThat(
            Accelerator.accelerate(SequenceNets.stock(configuration)).layers().get(0).accelerated())
        .isTrue();
    SequencesAsStock.check("mask zero", configuration, RecurrentWrappersTest::withEmptySteps);
  }

  /** The last three steps of every other sequence are zeros. */
  private static DataSet withEmptySteps(long seed) {
    DataSet data = perStep(SHAPE, seed);
    for (int i = 0; i < SHAPE.batch(); i += 2) {
      for (int t = SHAPE.steps() - 3; t < SHAPE.steps(); t++) {
        for (int k = 0; k < SHAPE.inputs(); k++) {
          data.getFeatures().putScalar(i, k, t, 0);
        }
      }
    }
    return data;
  }

  @Test
  void graphsComputeWhatStockDoes() {
    MultiLayerNetwork stack =
        SequenceNets.stock(perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW)));
    ComputationGraph stock = stack.toComputationGraph();
    ComputationGraph fast = stack.toComputationGraph();
    assertThat(Accelerator.accelerate(fast).accelerated()).isEqualTo(3);
    for (int step = 0; step < 20; step++) {
      DataSet data = perStep(SHAPE, step);
      data.setFeaturesMaskArray(mask(SHAPE, step));
      data.setLabelsMaskArray(mask(SHAPE, step));
      stock.fit(data.toMultiDataSet());
      fast.fit(data.toMultiDataSet());
    }
    SequencesAsStock.same("parameters of a graph", fast.params(), stock.params());
    DataSet data = perStep(SHAPE, 99);
    SequencesAsStock.same(
        "output of a graph",
        fast.outputSingle(data.getFeatures()),
        stock.outputSingle(data.getFeatures()));
  }

  @Test
  void embeddingsAndTheirSequencesHaveTheSameBitsInManyThreads() throws Exception {
    float[] expected = trained().toFloatVector();
    var threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<INDArray>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(threads.submit(RecurrentWrappersTest::trained));
      }
      for (Future<INDArray> each : all) {
        assertThat(each.get().toFloatVector()).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static INDArray trained() {
    var embedding = new EmbeddingSequenceLayer.Builder().nIn(50).nOut(6).build();
    MultiLayerNetwork network =
        SequenceNets.accelerated(
            perSequence(WORDS, NCW, embedding, new LastTimeStep(lstm(WORDS, NCW))));
    for (int step = 0; step < 10; step++) {
      network.fit(words(perSequence(WORDS, step), 50, step));
    }
    return network.params();
  }
}
