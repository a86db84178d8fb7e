package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Recognises LSTMs. */
final class LstmKernel implements LayerKernel {
  private static final String KERNEL = "recurrent steps in " + Lanes.best().description();

  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == LSTM.class || layer instanceof FastLstm;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastLstm) {
      return new Verdict.Accelerated(layer, KERNEL);
    }
    LSTM stock = (LSTM) layer;
    Optional<String> reason = Coverage.whyNotOnLanes(stock.getParam("W").dataType());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    return uncovered(stock.layerConf())
        .<Verdict>map(Verdict.Stock::new)
        .orElseGet(() -> new Verdict.Accelerated(FastLstm.of(stock, site), KERNEL));
  }

  /** Why no kernel computes {@code layer}; empty if one does. */
  static Optional<String> uncovered(org.deeplearning4j.nn.conf.layers.LSTM layer) {
    if (!(layer.getActivationFn() instanceof ActivationTanH)) {
      return Optional.of("activation " + layer.getActivationFn());
    }
    if (!(layer.getGateActivationFn() instanceof ActivationSigmoid)) {
      return Optional.of("gate activation " + layer.getGateActivationFn());
    }
    // There stock DL4J drops other inputs than this layer would.
    if (layer.getRnnDataFormat() == RNNFormat.NWC && layer.getIDropout() != null) {
      return Optional.of("dropout on [batch, time, size]");
    }
    return Optional.empty();
  }
}
