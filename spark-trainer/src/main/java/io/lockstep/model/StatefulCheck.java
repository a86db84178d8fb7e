package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.layers.ReverseTimeSeries;
import io.lockstep.plan.ComputePlan.Kernels;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** Whether all layers of a network can go on where the last minibatch left them. */
final class StatefulCheck {
  private final String what;

  private StatefulCheck(String what) {
    this.what = what;
  }

  /**
   * @param what wants it: messages begin with it
   * @throws InputException if one cannot, or if there is nothing to carry
   */
  static void check(NetworkConfiguration network, Kernels kernels, String what) {
    new StatefulCheck(what).check(network, kernels);
  }

  private void check(NetworkConfiguration network, Kernels kernels) {
    if (network instanceof NetworkConfiguration.Graph) {
      throw refused("needs a network of layers one after the other, but the model is a graph");
    }
    boolean any = false;
    for (NeuralNetConfiguration each : Dl4jSupport.layers(network)) {
      Layer layer = each.getLayer();
      any |= layer instanceof BaseRecurrentLayer;
      if (layer instanceof Bidirectional) {
        throw refused("cannot go with bidirectional: the way back begins at an end not yet read");
      }
      if (layer instanceof ReverseTimeSeries) {
        throw refused("cannot go with goBackwards: it begins at an end not yet read");
      }
      if (layer instanceof BaseWrapperLayer
          || layer instanceof Convolution1DLayer
          || layer instanceof Subsampling1DLayer) {
        throw refused(
            "needs recurrent layers that put something out at each step (returnSequences: true),"
                + " and no other that looks at several steps, but there is "
                + layer.getClass().getSimpleName());
      }
      if (layer instanceof SimpleRnn && kernels == Kernels.STOCK) {
        throw refused("needs compute.kernels: auto for simpleRnn: DL4J's own forgets the state");
      }
    }
    if (!any) {
      throw refused("has no meaning without a recurrent layer such as lstm");
    }
  }

  private InputException refused(String why) {
    return new InputException(what + ": " + why);
  }
}
