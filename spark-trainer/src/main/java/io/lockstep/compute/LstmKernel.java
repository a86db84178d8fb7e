package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
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
    if (!(stock.layerConf().getActivationFn() instanceof ActivationTanH)) {
      return new Verdict.Stock("activation " + stock.layerConf().getActivationFn());
    }
    if (!(stock.layerConf().getGateActivationFn() instanceof ActivationSigmoid)) {
      return new Verdict.Stock("gate activation " + stock.layerConf().getGateActivationFn());
    }
    if (FastLstm.dropsOtherwise(stock)) {
      return new Verdict.Stock("dropout on [batch, time, size]");
    }
    return new Verdict.Accelerated(FastLstm.of(stock, site), KERNEL);
  }
}
