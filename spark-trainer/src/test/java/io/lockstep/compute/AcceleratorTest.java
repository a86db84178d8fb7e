package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The facade: what is reported, and that a network stays plain DL4J. */
class AcceleratorTest {
  private static final InputType IMAGES = InputType.convolutionalFlat(12, 12, 1);

  private static MultiLayerConfiguration convolutional() {
    return Nets.configuration(
        IMAGES,
        new Adam(1e-3),
        new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        new DenseLayer.Builder().nOut(8).activation(Activation.RELU).build());
  }

  @Test
  void acceleratingTwiceChangesNothingAndReportsTheSame() {
    MultiLayerNetwork network = Nets.stock(convolutional());
    KernelReport once = Accelerator.accelerate(network);
    var layers = network.getLayers().clone();
    KernelReport twice = Accelerator.accelerate(network);
    assertThat(twice).isEqualTo(once);
    assertThat(network.getLayers()).containsExactly(layers);
    assertThat(once.layers()).hasSize(4);
    assertThat(once.layers()).allMatch(KernelReport.Entry::accelerated);
  }

  @Test
  void theReportSaysWhyALayerStaysStock() {
    MultiLayerNetwork network =
        Nets.stock(
            Nets.configuration(
                InputType.feedForward(6),
                new Adam(1e-3),
                new DenseLayer.Builder().nOut(5).weightNoise(new DropConnect(0.5)).build(),
                new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(),
                new DenseLayer.Builder().nOut(5).activation(Activation.CUBE).build()));
    KernelReport report = Accelerator.accelerate(network);
    assertThat(report.layers())
        .extracting(KernelReport.Entry::how)
        .startsWith("weight noise", "layer normalisation", "activation cube");
    assertThat(report.toString())
        .contains("layer0 (DenseLayer): stock DL4J, weight noise")
        .contains("platform: ", "recurrent steps in ");
  }

  @Test
  void networksOfDoublesStayStock() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.DOUBLE)
            .list()
            .layer(new ConvolutionLayer.Builder(2, 2).nOut(2).build())
            .layer(new SubsamplingLayer.Builder().build())
            .layer(new DenseLayer.Builder().nOut(3).build())
            .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
            .setInputType(IMAGES)
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    assertThat(Accelerator.accelerate(network).accelerated()).isZero();
  }

  @Test
  void configurationAndFileStayPlain() throws IOException {
    MultiLayerNetwork network = Nets.accelerated(convolutional());
    network.fit(Nets.features(IMAGES, 8, 1), Nets.labels(8, 2));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(file.toByteArray()), true);
    assertThat(network.getLayerWiseConfigurations().toJson()).doesNotContain("lockstep");
    assertThat(restored.getLayer(0).getClass().getName()).startsWith("org.deeplearning4j");
    assertThat(restored.params()).isEqualTo(network.params());
    INDArray x = Nets.features(IMAGES, 5, 3);
    SameAsStock.same("output", network.output(x), restored.output(x));
    assertThat(network.clone().params()).isEqualTo(network.params());
  }

  @Test
  void activationsSeenFromOutsideAreThoseOfStock() {
    MultiLayerNetwork fast = Nets.accelerated(convolutional());
    MultiLayerNetwork stock = Nets.stock(convolutional());
    INDArray x = Nets.features(IMAGES, 7, 3);
    var expected = stock.feedForward(x, false);
    var actual = fast.feedForward(x, false);
    for (int i = 0; i < expected.size(); i++) {
      SameAsStock.same("activation " + i, actual.get(i), expected.get(i));
    }
  }

  @Test
  void graphsWithBranchesEqualStock() {
    ComputationGraphConfiguration configuration = branched();
    ComputationGraph stock = new ComputationGraph(configuration.clone());
    stock.init();
    ComputationGraph fast = new ComputationGraph(configuration.clone());
    fast.init();
    assertThat(Accelerator.accelerate(fast).accelerated()).isGreaterThanOrEqualTo(5);
    for (int step = 0; step < 5; step++) {
      INDArray[] x = {Nets.features(InputType.convolutional(12, 12, 2), 6, step)};
      INDArray[] y = {Nets.labels(6, step)};
      SameAsStock.same("output", fast.output(x)[0], stock.output(x)[0]);
      stock.fit(x, y);
      fast.fit(x, y);
    }
    SameAsStock.same("parameters", fast.params(), stock.params());
  }

  private static ComputationGraphConfiguration branched() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Nesterovs(0.01, 0.9))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(12, 12, 2))
        .addLayer("stem", convolution(), "in")
        .addLayer("left", convolution(), "stem")
        .addLayer("right", convolution(), "stem")
        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
        .addLayer("after", convolution(), "sum")
        .addLayer(
            "pool",
            new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
            "after")
        .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "pool")
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(Nets.CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "dense")
        .setOutputs("out")
        .build();
  }

  private static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(3, 3)
        .padding(1, 1)
        .nOut(4)
        .activation(Activation.TANH)
        .build();
  }
}
