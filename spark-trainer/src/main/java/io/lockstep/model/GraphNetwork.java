package io.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A graph of layers with one input and one output: DL4J's ComputationGraph. */
record GraphNetwork(ComputationGraph network) implements Network {
  @Override
  public Model model() {
    return network;
  }

  @Override
  public BaseMultiLayerUpdater<?> updater() {
    return network.getUpdater();
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    GraphVertex[] vertices = network.getVertices();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = vertices[index];
      if (vertex.numParams() > 0) {
        parts.add(new Part(vertex.getVertexName(), vertex));
      }
    }
    return parts;
  }

  @Override
  public INDArray gradients() {
    return updater().getFlattenedGradientsView();
  }

  @Override
  public void counters(int iteration, int epoch) {
    network.getConfiguration().setIterationCount(iteration);
    network.getConfiguration().setEpochCount(epoch);
  }

  @Override
  public int iteration() {
    return network.getConfiguration().getIterationCount();
  }

  @Override
  public int epoch() {
    return network.getConfiguration().getEpochCount();
  }

  @Override
  public String json() {
    return network.getConfiguration().toJson();
  }

  @Override
  public void fit(INDArray features, INDArray labels) {
    network.fit(new INDArray[] {features}, new INDArray[] {labels});
  }

  @Override
  public void backpropagate(INDArray features, INDArray labels) {
    network.setInput(0, features);
    network.setLabel(0, labels);
    network.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    network.clearLayersStates();
  }

  @Override
  public INDArray output(INDArray features) {
    return network.outputSingle(false, features);
  }

  @Override
  public Layer last() {
    return network.getOutputLayer(0);
  }

  @Override
  public double regularization() {
    return network.calcRegularizationScore(true);
  }

  @Override
  public double score(INDArray features, INDArray labels) {
    return network.score(new DataSet(features, labels), false);
  }
}
