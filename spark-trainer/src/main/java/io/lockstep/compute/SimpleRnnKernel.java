package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Recognises Elman networks. */
final class SimpleRnnKernel implements LayerKernel {
  private static final String KERNEL = "recurrent steps in " + Lanes.best().description();

  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == SimpleRnn.class || layer instanceof FastSimpleRnn;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastSimpleRnn) {
      return new Verdict.Accelerated(layer, KERNEL);
    }
    SimpleRnn stock = (SimpleRnn) layer;
    Optional<String> reason = Coverage.whyNotOnLanes(stock.getParam("W").dataType());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    return uncovered(stock.layerConf())
        .<Verdict>map(Verdict.Stock::new)
        .orElseGet(() -> new Verdict.Accelerated(FastSimpleRnn.of(stock, site), KERNEL));
  }

  /** Why no kernel computes {@code layer}; empty if one does. */
  static Optional<String> uncovered(org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn layer) {
    if (!(layer.getActivationFn() instanceof ActivationTanH)) {
      return Optional.of("activation " + layer.getActivationFn());
    }
    return layer.isHasLayerNorm() ? Optional.of("layer normalisation") : Optional.empty();
  }
}
