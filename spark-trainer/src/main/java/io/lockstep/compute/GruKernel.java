package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.layers.GRU;
import io.lockstep.layers.GruLayer;
import io.lockstep.layers.GruParamInitializer;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Recognises GRUs. */
final class GruKernel implements LayerKernel {
  private static final String KERNEL = "recurrent steps in " + Lanes.best().description();

  @Override
  public boolean recognises(Layer layer) {
    return layer instanceof GruLayer;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastGru) {
      return new Verdict.Accelerated(layer, KERNEL);
    }
    GruLayer stock = (GruLayer) layer;
    Optional<String> reason =
        Coverage.whyNotOnLanes(stock.getParam(GruParamInitializer.WEIGHT_KEY).dataType());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    return uncovered(stock.layerConf())
        .<Verdict>map(Verdict.Stock::new)
        .orElseGet(() -> new Verdict.Accelerated(FastGru.of(stock, site), KERNEL));
  }

  /** Why no kernel computes {@code layer}; empty if one does. */
  static Optional<String> uncovered(GRU layer) {
    if (!(layer.getActivationFn() instanceof ActivationTanH)) {
      return Optional.of("activation " + layer.getActivationFn());
    }
    if (!(layer.getGateActivationFn() instanceof ActivationSigmoid)) {
      return Optional.of("gate activation " + layer.getGateActivationFn());
    }
    return Optional.empty();
  }
}
