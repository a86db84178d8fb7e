package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;

/** The runtime layers of a network, to be looked at and exchanged. */
sealed interface NetworkLayers {
  /** All places that hold a layer, in the order of the network. */
  List<Site> sites();

  Layer layer(Site site);

  /** Puts {@code layer} in the place of the one at {@code site}. */
  void replace(Site site, Layer layer);

  /** Tells every accelerated layer of images in which order its neighbours take them. */
  void introduceNeighbours();

  /** Exchanges the optimizer's arithmetic where a kernel covers it; tells which, in one line. */
  String accelerateUpdater();

  /** A sequence of layers. */
  record OfMultiLayer(MultiLayerNetwork network) implements NetworkLayers {
    @Override
    public List<Site> sites() {
      List<Site> sites = new ArrayList<>();
      Layer[] layers = network.getLayers();
      for (int i = 0; i < layers.length; i++) {
        String name = layers[i].conf().getLayer().getLayerName();
        sites.add(new Site(name == null ? String.valueOf(i) : name, i, i == 0));
      }
      return sites;
    }

    private InputPreProcessor preprocessor(int layer) {
      return network.getLayerWiseConfigurations().getInputPreProcess(layer);
    }

    @Override
    public Layer layer(Site site) {
      return network.getLayer(site.index());
    }

    @Override
    public void replace(Site site, Layer layer) {
      Layer stock = network.getLayers()[site.index()];
      network.getLayers()[site.index()] = layer;
      Reflection.<Map<String, Layer>>read(network, MultiLayerNetwork.class, "layerMap")
          .replaceAll((name, old) -> old == stock ? layer : old);
    }

    @Override
    public String accelerateUpdater() {
      return network.numParams() == 0
          ? "updater: none, nothing learns"
          : FusedAdam.install((BaseMultiLayerUpdater<?>) network.getUpdater());
    }

    @Override
    public void introduceNeighbours() {
      Layer[] layers = network.getLayers();
      for (int i = 0; i < layers.length; i++) {
        if (layers[i] instanceof ImageLayer images) {
          boolean above = i + 1 < layers.length && linked(layers[i + 1], preprocessor(i + 1));
          boolean below = i > 0 && layers[i - 1] instanceof ImageLayer && preprocessor(i) == null;
          images.ports().neighbours(order(above), order(below));
        }
      }
    }
  }

  /** A graph of vertices, some of which hold a layer. */
  record OfGraph(ComputationGraph graph) implements NetworkLayers {
    @Override
    public List<Site> sites() {
      List<Site> sites = new ArrayList<>();
      for (int index : graph.topologicalSortOrder()) {
        if (graph.getVertices()[index] instanceof LayerVertex vertex) {
          sites.add(new Site(vertex.getVertexName(), index, first(vertex)));
        }
      }
      return sites;
    }

    private boolean first(LayerVertex vertex) {
      for (VertexIndices input : vertex.getInputVertices()) {
        if (!graph.getVertices()[input.getVertexIndex()].isInputVertex()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Layer layer(Site site) {
      return graph.getVertices()[site.index()].getLayer();
    }

    @Override
    public void replace(Site site, Layer layer) {
      LayerVertex vertex = (LayerVertex) graph.getVertices()[site.index()];
      Layer stock = vertex.getLayer();
      vertex.setLayer(layer);
      Layer[] layers = graph.getLayers();
      for (int i = 0; i < layers.length; i++) {
        if (layers[i] == stock) {
          layers[i] = layer;
        }
      }
    }

    @Override
    public String accelerateUpdater() {
      return graph.numParams() == 0
          ? "updater: none, nothing learns"
          : FusedAdam.install((BaseMultiLayerUpdater<?>) graph.getUpdater());
    }

    @Override
    public void introduceNeighbours() {
      for (GraphVertex vertex : graph.getVertices()) {
        if (vertex instanceof LayerVertex layer && layer.getLayer() instanceof ImageLayer images) {
          images.ports().neighbours(order(onlyToImages(layer)), order(fromImages(layer)));
        }
      }
    }

    private boolean onlyToImages(LayerVertex vertex) {
      VertexIndices[] outputs = vertex.getOutputVertices();
      return !vertex.isOutputVertex()
          && outputs != null
          && outputs.length == 1
          && graph.getVertices()[outputs[0].getVertexIndex()] instanceof LayerVertex next
          && linked(next.getLayer(), next.getLayerPreProcessor());
    }

    private boolean fromImages(LayerVertex vertex) {
      int below = vertex.getInputVertices()[0].getVertexIndex();
      return vertex.getLayerPreProcessor() == null
          && graph.getVertices()[below] instanceof LayerVertex previous
          && previous.getLayer() instanceof ImageLayer
          && onlyToImages(previous);
    }
  }

  private static boolean linked(Layer layer, InputPreProcessor preprocessor) {
    return layer instanceof ImageLayer && preprocessor == null;
  }

  private static Images.Order order(boolean betweenKernels) {
    return betweenKernels ? Images.Order.BATCH_INNERMOST : Images.Order.C;
  }
}
