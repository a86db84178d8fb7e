package io.lockstep.bench;

import io.lockstep.layers.GRU;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's network, as it is or with Lockstep's kernels. */
final class Dl4jNetwork implements Network {
  private final MultiLayerNetwork network;
  private final INDArray first;
  private final List<DataSet> batches;
  private final int labelsPerExample;

  /**
   * Builds the network.
   *
   * @param kernels done to the network before its first step
   */
  Dl4jNetwork(Workload workload, Consumer<MultiLayerNetwork> kernels) throws IOException {
    this(workload, DataType.FLOAT);
    kernels.accept(network);
  }

  private Dl4jNetwork(Workload workload, DataType type) throws IOException {
    MultiLayerConfiguration configuration = configuration(workload);
    configuration.setDataType(type);
    network = new MultiLayerNetwork(configuration);
    network.init();
    first = network.params().dup();
    labelsPerExample = workload.labelPerStep() ? workload.input().time() : 1;
    batches = new ArrayList<>();
    for (Batch batch : Batch.of(workload)) {
      DataSet converted = convert(workload, batch);
      batches.add(
          new DataSet(converted.getFeatures().castTo(type), converted.getLabels().castTo(type)));
    }
  }

  /** The stock network in double precision, with the weights of {@code start}. */
  static Dl4jNetwork inDouble(Workload workload, Dl4jNetwork start) throws IOException {
    Dl4jNetwork exact = new Dl4jNetwork(workload, DataType.DOUBLE);
    exact.first.assign(start.network.params().castTo(DataType.DOUBLE));
    exact.reset();
    return exact;
  }

  static MultiLayerConfiguration configuration(Workload workload) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(42)
            .updater(new Adam(Workload.LEARNING_RATE))
            .weightInit(WeightInit.XAVIER)
            .list();
    for (Layer layer : workload.layers()) {
      list.layer(configuration(layer, workload));
    }
    return list.setInputType(inputType(workload)).build();
  }

  private static org.deeplearning4j.nn.conf.layers.Layer configuration(
      Layer layer, Workload workload) {
    if (layer instanceof Layer.Convolution c) {
      return new ConvolutionLayer.Builder(c.kernel(), c.kernel())
          .nOut(c.filters())
          .activation(c.relu() ? Activation.RELU : Activation.IDENTITY)
          .build();
    }
    if (layer instanceof Layer.MaxPooling) {
      return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
          .kernelSize(2, 2)
          .stride(2, 2)
          .build();
    }
    if (layer instanceof Layer.Dense d) {
      return new DenseLayer.Builder().nOut(d.units()).activation(Activation.RELU).build();
    }
    if (layer instanceof Layer.Embedding e) {
      return new EmbeddingSequenceLayer.Builder()
          .nIn(e.tokens())
          .nOut(e.units())
          .inputLength(workload.input().time())
          .build();
    }
    if (layer instanceof Layer.Lstm l) {
      LSTM lstm = new LSTM.Builder().nOut(l.units()).activation(Activation.TANH).build();
      return l.last() ? new LastTimeStep(lstm) : lstm;
    }
    if (layer instanceof Layer.Gru g) {
      return new GRU.Builder().nOut(g.units()).build();
    }
    if (layer instanceof Layer.BidirectionalLstm b) {
      return new Bidirectional(
          Bidirectional.Mode.CONCAT,
          new LSTM.Builder().nOut(b.units()).activation(Activation.TANH).build());
    }
    int classes = ((Layer.Softmax) layer).classes();
    if (workload.labelPerStep()) {
      return new RnnOutputLayer.Builder(LossFunction.MCXENT)
          .nOut(classes)
          .activation(Activation.SOFTMAX)
          .build();
    }
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static InputType inputType(Workload workload) {
    Layer.Shape input = workload.input();
    if (workload.images()) {
      return InputType.convolutional(input.side(), input.side(), input.width());
    }
    // DL4J takes the size of a sequence for the vocabulary if an embedding comes first.
    int size = workload.layers().get(0) instanceof Layer.Embedding e ? e.tokens() : input.width();
    return InputType.recurrent(size, input.time());
  }

  private static DataSet convert(Workload workload, Batch batch) {
    int examples = workload.batch();
    Layer.Shape input = workload.input();
    INDArray features;
    if (workload.images()) {
      features =
          Nd4j.createFromArray(batch.inputs())
              .reshape(examples, input.width(), input.side(), input.side());
    } else if (input.width() > 1) {
      features = oneHot(batch.inputs(), examples, input.width(), input.time());
    } else {
      features = Nd4j.createFromArray(batch.inputs()).reshape(examples, 1, input.time());
    }
    float[] labels = new float[batch.labels().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = batch.labels()[i];
    }
    int time = labels.length / examples;
    INDArray targets = oneHot(labels, examples, workload.classes(), time);
    return new DataSet(
        features,
        workload.labelPerStep() ? targets : targets.reshape(examples, workload.classes()));
  }

  /**
   * {@code [examples, time]} to {@code [examples, width, time]}, step after step in memory: DL4J's
   * layers of sequences read it fastest like that.
   */
  private static INDArray oneHot(float[] symbols, int examples, int width, int time) {
    float[] values = new float[examples * width * time];
    for (int i = 0; i < symbols.length; i++) {
      values[(i % time * width + (int) symbols[i]) * examples + i / time] = 1;
    }
    return Nd4j.create(values, new long[] {examples, width, time}, 'f');
  }

  @Override
  public long parameters() {
    return network.numParams();
  }

  @Override
  public void reset() {
    network.params().assign(first);
    network.getUpdater().getStateViewArray().assign(0);
    network.setIterationCount(0);
  }

  @Override
  public double step(int batch) {
    DataSet data = batches.get(batch % batches.size());
    network.fit(data.getFeatures(), data.getLabels());
    return network.score() / labelsPerExample;
  }

  MultiLayerNetwork network() {
    return network;
  }

  @Override
  public void close() {
    network.close();
    first.close();
    for (DataSet data : batches) {
      data.getFeatures().close();
      data.getLabels().close();
    }
  }
}
