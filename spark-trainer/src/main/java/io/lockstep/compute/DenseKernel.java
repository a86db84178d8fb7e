package io.lockstep.compute;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;

/** Recognises fully connected layers. */
final class DenseKernel implements LayerKernel {
  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == DenseLayer.class || layer instanceof FastDense;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastDense fast) {
      return new Verdict.Accelerated(fast, FastDense.KERNEL);
    }
    DenseLayer stock = (DenseLayer) layer;
    Optional<String> reason = Coverage.whyStock(stock, stock.layerConf().getActivationFn());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    if (stock.hasLayerNorm()) {
      return new Verdict.Stock("layer normalisation");
    }
    return new Verdict.Accelerated(FastDense.of(stock, site), FastDense.KERNEL);
  }
}
