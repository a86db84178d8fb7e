package io.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A stack of layers: DL4J's MultiLayerNetwork. */
record SequentialNetwork(MultiLayerNetwork network) implements Network {
  @Override
  public Model model() {
    return network;
  }

  @Override
  public BaseMultiLayerUpdater<?> updater() {
    return (BaseMultiLayerUpdater<?>) network.getUpdater();
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < network.getnLayers(); i++) {
      parts.add(new Part(String.valueOf(i), network.getLayer(i)));
    }
    return parts;
  }

  @Override
  public INDArray gradients() {
    return updater().getFlattenedGradientsView();
  }

  @Override
  public void counters(int iteration, int epoch) {
    network.setIterationCount(iteration);
    network.setEpochCount(epoch);
  }

  @Override
  public int iteration() {
    return network.getIterationCount();
  }

  @Override
  public int epoch() {
    return network.getEpochCount();
  }

  @Override
  public String json() {
    return network.getLayerWiseConfigurations().toJson();
  }

  @Override
  public void fit(INDArray features, INDArray labels) {
    network.fit(features, labels);
  }

  @Override
  public void backpropagate(INDArray features, INDArray labels) {
    network.setInput(features);
    network.setLabels(labels);
    network.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    network.clearLayersStates();
  }

  @Override
  public INDArray output(INDArray features) {
    return network.output(features, false);
  }

  @Override
  public Layer last() {
    return network.getOutputLayer();
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
