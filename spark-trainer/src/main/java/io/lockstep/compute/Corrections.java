package io.lockstep.compute;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Exchanges the layers of a DL4J network, in place, of which DL4J computes something wrong.
 *
 * <p>Configuration, parameters, updater state and saved files stay plain DL4J. To be called on a
 * network that has been initialised, before {@link Accelerator}; a second call changes nothing. Not
 * thread-safe for one network.
 */
public final class Corrections {
  private Corrections() {}

  /** Corrects the layers of {@code network}. */
  public static void apply(MultiLayerNetwork network) {
    apply(new NetworkLayers.OfMultiLayer(network));
  }

  /** Corrects the layer vertices of {@code graph}. */
  public static void apply(ComputationGraph graph) {
    apply(new NetworkLayers.OfGraph(graph));
  }

  private static void apply(NetworkLayers network) {
    for (Site site : network.sites()) {
      if (network.layer(site) instanceof BidirectionalLayer layer) {
        network.replace(site, ExactBidirectional.of(layer));
      }
    }
  }
}
