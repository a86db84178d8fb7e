package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** What DL4J would do with frozen layers, and nobody expects, is refused by name. */
class FrozenLayersCheckTest {
  private static Layer dense() {
    return new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build();
  }

  private static NetworkConfiguration stack(double l2, Layer... layers) {
    var list = new NeuralNetConfiguration.Builder().updater(new Adam(0.1)).l2(l2).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    list.layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build());
    return new NetworkConfiguration.MultiLayer(list.setInputType(InputType.feedForward(4)).build());
  }

  private static void check(NetworkConfiguration network) {
    Dl4jSupport.check("net.json", network);
  }

  @Test
  void whatLiesBelowAFrozenLayerMustBeFrozenToo() {
    assertThatThrownBy(() -> check(stack(0, dense(), new FrozenLayer(dense()))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("net.json: layer 0 (DenseLayer) lies below layer 1, which is frozen");
    assertThatCode(
            () -> {
              check(stack(0, new FrozenLayer(dense()), new FrozenLayer(dense()), dense()));
              check(stack(0.1, new FrozenLayer(dense()), dense()));
              check(stack(0, dense(), new FrozenLayerWithBackprop(dense())));
              check(stack(0, new ActivationLayer(Activation.RELU), new FrozenLayer(dense())));
              check(stack(0, new FrozenLayerWithBackprop(dense()), new FrozenLayer(dense())));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void penaltiesOnAFrozenLayerWithBackpropMoveIt() {
    assertThatThrownBy(() -> check(stack(0.1, dense(), new FrozenLayerWithBackprop(dense()))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("DenseLayer in a FrozenLayerWithBackprop has l1, l2 or weightDecay");
  }

  @Test
  void inAGraphToo() {
    assertThatThrownBy(() -> check(graph("middle")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("vertex below lies below vertex middle, which is frozen");
    assertThatCode(
            () -> {
              check(graph("below"));
              check(graph("below", "middle"));
              check(graph());
            })
        .doesNotThrowAnyException();
  }

  private static NetworkConfiguration graph(String... frozen) {
    ComputationGraphConfiguration graph =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .addLayer("below", dense(), "in")
            .addLayer("middle", dense(), "below")
            .addLayer(
                "out",
                new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                "middle")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(4))
            .build();
    for (String name : frozen) {
      graph.getVertices().put(name, new FrozenVertex(graph.getVertices().get(name)));
    }
    return new NetworkConfiguration.Graph(graph);
  }

  @Test
  void theMemoryOfAFrozenLayersOptimizerIsCounted() {
    for (Layer layer :
        new Layer[] {new FrozenLayer(dense()), new FrozenLayerWithBackprop(dense())}) {
      NetworkConfiguration network = stack(0, layer, dense());
      var made = new MultiLayerNetwork(((NetworkConfiguration.MultiLayer) network).configuration());
      made.init();
      assertThat(MemoryNeed.of(network).updater()).isEqualTo(made.updaterState().length());
    }
  }
}
