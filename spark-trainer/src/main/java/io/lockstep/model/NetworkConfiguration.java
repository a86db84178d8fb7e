package io.lockstep.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** A network before it is made: one of DL4J's two kinds. */
public sealed interface NetworkConfiguration {
  /** The network as DL4J's own JSON. */
  String toJson();

  /** Layers one after the other. */
  record MultiLayer(MultiLayerConfiguration configuration) implements NetworkConfiguration {
    @Override
    public String toJson() {
      return configuration.toJson();
    }
  }

  /** Layers in a directed graph. */
  record Graph(ComputationGraphConfiguration configuration) implements NetworkConfiguration {
    @Override
    public String toJson() {
      return configuration.toJson();
    }
  }
}
