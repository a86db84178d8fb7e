package io.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** A graph of layers: DL4J's ComputationGraph. */
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
  public INDArray stateSoFar() {
    var optimizer = network.getUpdater(false);
    return optimizer == null ? null : optimizer.getStateViewArray();
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
  public void fit(NetworkBatch batch) {
    network.fit(batch.features(), batch.labels(), batch.featureMasks(), batch.labelMasks());
  }

  @Override
  public void backpropagate(NetworkBatch batch) {
    network.setInputs(batch.features());
    network.setLabels(batch.labels());
    boolean masked = batch.featureMasks() != null || batch.labelMasks() != null;
    if (masked) {
      network.setLayerMaskArrays(batch.featureMasks(), batch.labelMasks());
    }
    network.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    if (masked) {
      network.clearLayerMaskArrays();
    }
    network.clearLayersStates();
  }

  @Override
  public INDArray[] outputs(NetworkBatch batch) {
    return network.output(false, batch.features(), batch.featureMasks());
  }

  @Override
  public List<Layer> last() {
    return IntStream.range(0, network.getNumOutputArrays())
        .mapToObj(network::getOutputLayer)
        .toList();
  }

  @Override
  public List<String> inputNames() {
    return severalOrNone(network.getConfiguration().getNetworkInputs());
  }

  @Override
  public List<String> outputNames() {
    return severalOrNone(network.getConfiguration().getNetworkOutputs());
  }

  private static List<String> severalOrNone(List<String> names) {
    return names.size() > 1 ? names : List.of();
  }

  @Override
  public double regularization() {
    return network.calcRegularizationScore(true);
  }

  @Override
  public double score(NetworkBatch batch) {
    return network.score(
        new MultiDataSet(
            batch.features(), batch.labels(), batch.featureMasks(), batch.labelMasks()),
        false);
  }

  @Override
  public int outputWidth(int i) {
    String name = network.getConfiguration().getNetworkOutputs().get(i);
    for (GraphVertex vertex = network.getVertex(name); ; ) {
      int width = vertex.hasLayer() ? OutputWidth.of(vertex.getLayer()) : 0;
      if (width > 0) {
        return width;
      }
      if (vertex.getInputVertices() == null || vertex.getInputVertices().length == 0) {
        throw new IllegalStateException("output " + name + " does not say how wide it is");
      }
      vertex = network.getVertices()[vertex.getInputVertices()[0].getVertexIndex()];
    }
  }
}
