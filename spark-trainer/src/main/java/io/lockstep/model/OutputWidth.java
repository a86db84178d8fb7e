package io.lockstep.model;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** How many values a layer puts out, for an example or for each of its time steps. */
final class OutputWidth {
  private OutputWidth() {}

  /** The width that the layer's configuration says, 0 if it says none. */
  static int of(Layer layer) {
    return of(layer.conf().getLayer());
  }

  private static int of(org.deeplearning4j.nn.conf.layers.Layer layer) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      return of(wrapper.getUnderlying());
    }
    if (layer instanceof Bidirectional both) {
      return (both.getMode() == Bidirectional.Mode.CONCAT ? 2 : 1) * of(both.getFwd());
    }
    return layer instanceof FeedForwardLayer learned ? Math.toIntExact(learned.getNOut()) : 0;
  }
}
