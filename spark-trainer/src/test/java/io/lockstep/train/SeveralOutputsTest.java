package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.compute.InitialWeights;
import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.Blueprint;
import io.lockstep.model.Replica;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A graph with two inputs and two outputs, which it has in another order than the data; of each,
 * one is a ragged sequence and one a row.
 */
class SeveralOutputsTest {
  private static final MadeUp.Kind KIND = MadeUp.Kind.ROW_AND_STEPS;

  private static String json() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Adam(0.01))
        .l2(1e-3)
        .graphBuilder()
        .addInputs("steps", "row")
        .setInputTypes(InputType.recurrent(3), InputType.feedForward(4))
        .addLayer("lstm", new LSTM.Builder().nIn(3).nOut(5).build(), "steps")
        .addLayer(
            "sign",
            new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(5)
                .nOut(2)
                .build(),
            "lstm")
        .addVertex("last", new LastTimeStepVertex("steps"), "lstm")
        .addLayer(
            "dense",
            new DenseLayer.Builder().nIn(4).nOut(6).activation(Activation.TANH).build(),
            "row")
        .addVertex("both", new MergeVertex(), "last", "dense")
        .addLayer(
            "sum",
            new OutputLayer.Builder(LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .nIn(11)
                .nOut(1)
                .build(),
            "both")
        .setOutputs("sign", "sum")
        .build()
        .toJson();
  }

  private static Blueprint networks(Kernels kernels) {
    return new Blueprint(Blueprint.Kind.GRAPH, json(), kernels, 1);
  }

  private static ComputationGraph plain() {
    var graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json()));
    InitialWeights.init(graph);
    return graph;
  }

  /** Rows of a block as DL4J takes them, filled up with zeros, with masks of what is there. */
  private static MultiDataSet padded(Block block, int... rows) {
    int time = IntStream.of(rows).map(row -> block.steps(1, row)).max().orElseThrow();
    INDArray steps = Nd4j.zeros(rows.length, 3, time);
    INDArray there = Nd4j.zeros(rows.length, time);
    INDArray row = Nd4j.zeros(rows.length, 4);
    INDArray sign = Nd4j.zeros(rows.length, 2, time);
    INDArray sum = Nd4j.zeros(rows.length, 1);
    for (int i = 0; i < rows.length; i++) {
      sum.putScalar(i, 0, block.values(2).at(rows[i]));
      for (int j = 0; j < 4; j++) {
        row.putScalar(i, j, block.values(0).at(rows[i] * 4 + j));
      }
      int from = block.from(1, rows[i]);
      for (int step = 0; step < block.steps(1, rows[i]); step++) {
        there.putScalar(i, step, 1);
        for (int j = 0; j < 3; j++) {
          steps.putScalar(i, j, step, block.values(1).at(from + step * 3 + j));
        }
        int label = (int) block.values(3).at(block.from(3, rows[i]) + step);
        sign.putScalar(i, label, step, 1);
      }
    }
    return new MultiDataSet(
        new INDArray[] {steps, row},
        new INDArray[] {sign, sum},
        new INDArray[] {there, null},
        new INDArray[] {there, null});
  }

  private static TrainingState trained(Kernels kernels, int examples) {
    return new Trial(
            new MadeUp(KIND, examples).request(0, 1),
            Mode.AVERAGING,
            PlainLoopTest.BATCH,
            3,
            networks(kernels))
        .run(PlainLoopTest.EPOCHS);
  }

  @Test
  void oneReplicaEqualsAPlainLoopOverMultiDataSetsBitForBit() {
    ComputationGraph plain = plain();
    Block all = MadeUp.block(KIND, 0, PlainLoopTest.EXAMPLES);
    PlainLoopTest.plainLoop(
        plain.getConfiguration()::setEpochCount, rows -> plain.fit(padded(all, rows)));

    TrainingState state = trained(Kernels.STOCK, PlainLoopTest.EXAMPLES);
    assertThat(state.parameters()).isEqualTo(plain.params().dup().data().asFloat());
    assertThat(state.updater())
        .isEqualTo(plain.getUpdater().getStateViewArray().dup().data().asFloat());
    assertThat(state.step()).isEqualTo(plain.getConfiguration().getIterationCount());
  }

  @Test
  void theKernelsComputeTheSame() {
    float[] expected = trained(Kernels.STOCK, 60).parameters();
    float[] actual = trained(Kernels.AUTO, 60).parameters();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-4f));
    }
  }

  @Test
  void fourReplicasEqualOneMachine() {
    int batch = BigBatchTest.BATCH;
    int examples = BigBatchTest.REPLICAS * batch * 3 + 18;
    TrainingState state =
        new Trial(
                new MadeUp(KIND, examples).request(0, BigBatchTest.REPLICAS),
                Mode.GRADIENT,
                batch,
                1,
                networks(Kernels.STOCK))
            .run(2);
    Block all = MadeUp.block(KIND, 0, examples);
    ComputationGraph machine = plain();
    BigBatchTest.oneMachine(
        machine.getConfiguration()::setEpochCount,
        examples,
        batch,
        2,
        rows -> machine.fit(padded(all, rows)));
    BigBatchTest.assertCloseTo(state.parameters(), machine);
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void theWeightOfAnExampleIsAFactorOfItsLossAtEachOutput(Kernels kernels) {
    int count = 6;
    Block weighted = MadeUp.block(MadeUp.Kind.WEIGHTED_ROW_AND_STEPS, 0, count);
    Block all = MadeUp.block(KIND, 0, count);
    try (Replica replica = networks(kernels).create()) {
      float[] actual = new float[replica.parameters()];
      Minibatch batch = batcher(weighted).assemble(weighted, 0, count);
      double loss = replica.gradient(batch, 0, actual);
      double regularization = plain().calcRegularizationScore(true);

      double expectedLoss = 0;
      double[] expected = new double[actual.length];
      for (int row = 0; row < count; row++) {
        float[] alone = new float[actual.length];
        double own = replica.gradient(batcher(all).assemble(all, row, row + 1), 0, alone);
        expectedLoss += weighted.weight(row) * (own - regularization) / count;
        for (int i = 0; i < expected.length; i++) {
          expected[i] += weighted.weight(row) * alone[i] / count;
        }
      }
      assertThat(loss - regularization).isCloseTo(expectedLoss, within(1e-5));
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  private static Batcher batcher(Block block) {
    return new Batcher(block.schema(), new Normalizer.Identity());
  }

  @Test
  void anEvaluationHasEachOutputInTheOrderOfTheData() {
    Block all = MadeUp.block(KIND, 0, 12);
    int[] rows = IntStream.range(0, 12).toArray();
    Minibatch batch = batcher(all).assemble(all, 0, 12);
    ComputationGraph plain = plain();
    MultiDataSet padded = padded(all, rows);
    INDArray[] out = plain.output(false, padded.getFeatures(), padded.getFeaturesMaskArrays());
    try (Replica replica = networks(Kernels.STOCK).create()) {
      Replica.Evaluated seen = replica.evaluate(batch);
      Replica.Output sum = seen.outputs().get(0);
      Replica.Output sign = seen.outputs().get(1);

      assertThat(seen.loss()).isCloseTo(plain.score(padded, false), within(1e-5));
      assertThat(sum.loss() + sign.loss() + plain.calcRegularizationScore(true))
          .isCloseTo(seen.loss(), within(1e-6));
      assertThat(sum.rows()).isEqualTo(12);
      assertThat(sum.values()).isEqualTo(out[1].dup('c').data().asFloat());
      assertThat(sign.rows()).isEqualTo(padded.getLabelsMaskArray(0).sumNumber().intValue());
      assertThat(sign.values()[1]).isEqualTo(out[0].getFloat(0, 1, 0));
      assertThat(sum.labels()[3]).isEqualTo((float) all.values(2).at(3));
    }
  }
}
