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
  public INDArray stateSoFar() {
    var optimizer = network.getUpdater(false);
    return optimizer == null ? null : optimizer.getStateViewArray();
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
  public void fit(NetworkBatch batch) {
    network.fit(batch.features()[0], batch.labels()[0], batch.featureMask(), batch.labelMask());
  }

  @Override
  public void backpropagate(NetworkBatch batch) {
    network.setInput(batch.features()[0]);
    network.setLabels(batch.labels()[0]);
    boolean masked = batch.featureMask() != null || batch.labelMask() != null;
    if (masked) {
      network.setLayerMaskArrays(batch.featureMask(), batch.labelMask());
    }
    network.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    if (masked) {
      network.clearLayerMaskArrays();
    }
    network.clearLayersStates();
  }

  @Override
  public INDArray[] outputs(NetworkBatch batch) {
    return new INDArray[] {network.output(batch.features()[0], false, batch.featureMask(), null)};
  }

  @Override
  public List<Layer> last() {
    return List.of(network.getOutputLayer());
  }

  @Override
  public double regularization() {
    return network.calcRegularizationScore(true);
  }

  @Override
  public double score(NetworkBatch batch) {
    return network.score(
        new DataSet(batch.features()[0], batch.labels()[0], batch.featureMask(), batch.labelMask()),
        false);
  }

  @Override
  public int outputWidth(int i) {
    for (int layer = network.getnLayers() - 1; layer >= 0; layer--) {
      int width = OutputWidth.of(network.getLayer(layer));
      if (width > 0) {
        return width;
      }
    }
    throw new IllegalStateException("no layer of the network says how many outputs it has");
  }
}
