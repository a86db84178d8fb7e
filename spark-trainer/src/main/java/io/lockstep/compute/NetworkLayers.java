package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The runtime layers of a network, to be looked at and exchanged. */
sealed interface NetworkLayers {
  /** All places that hold a layer, in the order of the network. */
  List<Site> sites();

  Layer layer(Site site);

  /** Puts {@code layer} in the place of the one at {@code site}. */
  void replace(Site site, Layer layer);

  /** A sequence of layers. */
  record OfMultiLayer(MultiLayerNetwork network) implements NetworkLayers {
    @Override
    public List<Site> sites() {
      List<Site> sites = new ArrayList<>();
      Layer[] layers = network.getLayers();
      for (int i = 0; i < layers.length; i++) {
        String name = layers[i].conf().getLayer().getLayerName();
        sites.add(
            new Site(
                name == null ? String.valueOf(i) : name, i, i == 0, flattens(preprocessor(i + 1))));
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
  }

  /** A graph of vertices, some of which hold a layer. */
  record OfGraph(ComputationGraph graph) implements NetworkLayers {
    @Override
    public List<Site> sites() {
      List<Site> sites = new ArrayList<>();
      for (int index : graph.topologicalSortOrder()) {
        if (graph.getVertices()[index] instanceof LayerVertex vertex) {
          sites.add(new Site(vertex.getVertexName(), index, first(vertex), flattened(vertex)));
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

    private boolean flattened(LayerVertex vertex) {
      VertexIndices[] outputs = vertex.getOutputVertices();
      if (outputs == null || outputs.length != 1) {
        return false;
      }
      GraphVertex next = graph.getVertices()[outputs[0].getVertexIndex()];
      return next instanceof LayerVertex layer && flattens(layer.getLayerPreProcessor());
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
  }

  private static boolean flattens(InputPreProcessor preprocessor) {
    return preprocessor instanceof CnnToFeedForwardPreProcessor;
  }
}
