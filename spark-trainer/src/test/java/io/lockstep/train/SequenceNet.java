package io.lockstep.train;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.Blueprint;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small LSTM, given as DL4J's own JSON, that says at each step what the numbers so far are. */
public final class SequenceNet {
  private SequenceNet() {}

  static MultiLayerConfiguration configuration(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(updater)
        .list()
        .layer(new LSTM.Builder().nOut(6).activation(Activation.TANH).build())
        .layer(
            new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.recurrent(3))
        .build();
  }

  static MultiLayerNetwork network(IUpdater updater) {
    var network =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration(updater).toJson()));
    network.init();
    return network;
  }

  /** Builds it. */
  public static ReplicaFactory factory(IUpdater updater) {
    return new Blueprint(
        Blueprint.Kind.MULTI_LAYER, configuration(updater).toJson(), Kernels.STOCK, 1);
  }

  /** The rows of a block as DL4J takes them, with masks; weights are part of the labels' mask. */
  static DataSet minibatch(Block block, int... rows) {
    long[] references = IntStream.of(rows).mapToLong(row -> Batcher.row(0, row)).toArray();
    Minibatch batch =
        new Batcher(block.schema(), new Normalizer.Identity()).assemble(List.of(block), references);
    Tensor input = batch.inputs().get(0);
    Tensor signs = batch.labels().get(0);
    int time = input.time();
    float[] wanted = new float[batch.size() * 2 * time];
    float[] counts = new float[batch.size() * time];
    for (int i = 0; i < batch.size(); i++) {
      for (int step = 0; step < time; step++) {
        wanted[(i * 2 + signs.ints()[i * time + step]) * time + step] = 1;
        float weight = batch.weights() == null ? 1 : batch.weights()[i];
        counts[i * time + step] = weight * signs.mask()[i * time + step];
      }
    }
    return new DataSet(
        array(input.floats(), batch.size(), 3, time),
        array(wanted, batch.size(), 2, time),
        array(input.mask(), batch.size(), time),
        array(counts, batch.size(), time));
  }

  private static INDArray array(float[] values, int... shape) {
    int length = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return Nd4j.createFromArray(Arrays.copyOf(values, length)).reshape(shape);
  }
}
