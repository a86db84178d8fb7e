package example;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The program of docs/guide/graphs.md, as it stands there. */
public class TwoOutputs {
  public static void main(String[] args) {
    System.out.println(json());
  }

  public static String json() {
    return new NeuralNetConfiguration.Builder()
        .seed(1) // the plan has its own
        .updater(new Adam(0.003))
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.RELU)
        .graphBuilder()
        .addInputs("outline", "surface")
        .addLayer("a", new DenseLayer.Builder().nIn(3).nOut(8).build(), "outline")
        .addLayer("b", new DenseLayer.Builder().nIn(5).nOut(8).build(), "surface")
        .addVertex("both", new MergeVertex(), "a", "b")
        .addLayer("c", new DenseLayer.Builder().nIn(16).nOut(8).build(), "both")
        .addLayer("malignant", end(LossFunction.XENT, Activation.SIGMOID), "c")
        .addLayer("size", end(LossFunction.MSE, Activation.IDENTITY), "c")
        .setOutputs("malignant", "size")
        .build()
        .toJson();
  }

  private static OutputLayer end(LossFunction loss, Activation activation) {
    return new OutputLayer.Builder(loss).activation(activation).nIn(8).nOut(1).build();
  }
}
