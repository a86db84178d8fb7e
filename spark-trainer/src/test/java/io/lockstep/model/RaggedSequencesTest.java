package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Normalizer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A replica on sequences of different lengths against plain DL4J with arrays padded by hand. */
class RaggedSequencesTest {
  private static final int FEATURES = 3;
  private static final int CLASSES = 4;
  private static final int EXAMPLES = 22;
  private static final int BATCH = 5;

  private static Schema schema(boolean perStep) {
    return new Schema(
        List.of(Field.sequence("series", ElementType.FLOAT32, FEATURES)),
        List.of(
            perStep
                ? Field.sequence("tag", ElementType.INT32)
                : Field.of("class", ElementType.INT32)),
        false,
        false);
  }

  private static Block examples(boolean perStep) {
    var random = new SplittableRandom(3);
    var builder = new BlockBuilder(schema(perStep), EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++) {
      int steps = 1 + random.nextInt(7);
      builder.begin(i);
      for (int j = 0; j < steps * FEATURES; j++) {
        builder.put(0, random.nextDouble(-1, 1));
      }
      for (int j = 0; j < (perStep ? steps : 1); j++) {
        builder.put(1, random.nextInt(CLASSES));
      }
      builder.end();
    }
    return builder.build();
  }

  private static MultiLayerNetwork network(boolean perStep) {
    var lstm = new LSTM.Builder().nOut(6).activation(Activation.TANH).build();
    var list = new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01)).list();
    if (perStep) {
      list.layer(lstm)
          .layer(
              new RnnOutputLayer.Builder(LossFunction.MCXENT)
                  .nOut(CLASSES)
                  .activation(Activation.SOFTMAX)
                  .build());
    } else {
      list.layer(new LastTimeStep(lstm))
          .layer(
              new OutputLayer.Builder(LossFunction.MCXENT)
                  .nOut(CLASSES)
                  .activation(Activation.SOFTMAX)
                  .build());
    }
    MultiLayerConfiguration configuration =
        list.setInputType(InputType.recurrent(FEATURES)).build();
    var network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /** Rows of the block as DL4J wants them, written out without the batcher. */
  private static DataSet padded(Block block, boolean perStep, int from, int to) {
    int size = to - from;
    int time = IntStream.range(from, to).map(row -> block.steps(0, row)).max().orElseThrow();
    INDArray features = Nd4j.zeros(size, FEATURES, time);
    INDArray mask = Nd4j.zeros(size, time);
    INDArray labels = perStep ? Nd4j.zeros(size, CLASSES, time) : Nd4j.zeros(size, CLASSES);
    INDArray labelMask = perStep ? Nd4j.zeros(size, time) : null;
    for (int row = from; row < to; row++) {
      for (int step = 0; step < block.steps(0, row); step++) {
        for (int i = 0; i < FEATURES; i++) {
          features.putScalar(
              row - from, i, step, block.values(0).at(block.from(0, row) + step * FEATURES + i));
        }
        mask.putScalar(row - from, step, 1);
        if (perStep) {
          int tag = (int) block.values(1).at(block.from(1, row) + step);
          labels.putScalar(row - from, tag, step, 1);
          labelMask.putScalar(row - from, step, 1);
        }
      }
      if (!perStep) {
        labels.putScalar(row - from, (int) block.values(1).at(row), 1);
      }
    }
    return new DataSet(features, labels, mask, labelMask);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneReplicaIsAPlainLoopBitForBit(boolean perStep) {
    Block block = examples(perStep);
    MultiLayerNetwork plain = network(perStep);
    try (NetworkReplica replica = NetworkReplica.of(network(perStep))) {
      var batcher = new Batcher(block.schema(), new Normalizer.Identity());
      for (int epoch = 0; epoch < 3; epoch++) {
        for (int from = 0; from < EXAMPLES; from += BATCH) {
          int to = Math.min(EXAMPLES, from + BATCH);
          plain.fit(padded(block, perStep, from, to));
          double loss = replica.fit(batcher.assemble(block, from, to), 1);
          assertThat(loss).isEqualTo(plain.score());
        }
      }
      assertThat(replica.state().parameters()).isEqualTo(Floats.read(plain.params()));
      assertThat(replica.state().updater())
          .isEqualTo(Floats.read(plain.getUpdater().getStateViewArray()));
    }
    plain.close();
  }

  /** Weighted by examples, gradients of parts are the gradient of the whole, however long. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsOfPartsMakeTheGradientOfTheWhole(boolean perStep) {
    Block block = examples(perStep);
    try (NetworkReplica replica = NetworkReplica.of(network(perStep))) {
      float[] whole = gradient(replica, block, 0, EXAMPLES);
      float[] first = gradient(replica, block, 0, 9);
      float[] second = gradient(replica, block, 9, EXAMPLES);
      double error = 0;
      double norm = 0;
      for (int i = 0; i < whole.length; i++) {
        double merged = (9.0 * first[i] + 13.0 * second[i]) / EXAMPLES;
        error += (merged - whole[i]) * (merged - whole[i]);
        norm += (double) whole[i] * whole[i];
      }
      assertThat(Math.sqrt(error / norm)).isLessThan(1e-5);
    }
  }

  private static float[] gradient(NetworkReplica replica, Block block, int from, int to) {
    float[] gradient = new float[replica.parameters()];
    var batcher = new Batcher(block.schema(), new Normalizer.Identity());
    replica.gradient(batcher.assemble(block, from, to), 1, gradient);
    return gradient;
  }

  /** An evaluation sees each step that is there, and no padding. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEvaluationCountsWhatIsNotMasked(boolean perStep) {
    Block block = examples(perStep);
    MultiLayerNetwork plain = network(perStep);
    try (NetworkReplica replica = NetworkReplica.of(network(perStep))) {
      var batcher = new Batcher(block.schema(), new Normalizer.Identity());
      Minibatch batch = batcher.assemble(block, 0, EXAMPLES);
      Replica.Evaluated evaluated = replica.evaluate(batch);
      DataSet padded = padded(block, perStep, 0, EXAMPLES);

      long steps =
          LongStream.range(0, EXAMPLES).map(row -> perStep ? block.steps(0, (int) row) : 1).sum();
      assertThat(evaluated.outputs().get(0).rows()).isEqualTo((int) steps);
      assertThat(evaluated.loss())
          .isCloseTo(plain.score(padded, false), org.assertj.core.data.Offset.offset(1e-5));
      var dl4j = new org.nd4j.evaluation.classification.Evaluation(CLASSES);
      INDArray output =
          plain.output(padded.getFeatures(), false, padded.getFeaturesMaskArray(), null);
      dl4j.eval(padded.getLabels(), output, padded.getLabelsMaskArray());
      assertThat(accuracy(evaluated)).isEqualTo(dl4j.accuracy());
    }
    plain.close();
  }

  private static double accuracy(Replica.Evaluated evaluated) {
    int right = 0;
    for (int row = 0; row < evaluated.outputs().get(0).rows(); row++) {
      Replica.Output output = evaluated.outputs().get(0);
      right += highest(output.values(), row) == highest(output.labels(), row) ? 1 : 0;
    }
    return right / (double) evaluated.outputs().get(0).rows();
  }

  private static int highest(float[] values, int row) {
    int best = 0;
    for (int i = 1; i < CLASSES; i++) {
      best = values[row * CLASSES + i] > values[row * CLASSES + best] ? i : best;
    }
    return best;
  }
}
