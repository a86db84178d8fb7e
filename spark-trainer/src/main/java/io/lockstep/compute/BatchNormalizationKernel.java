package io.lockstep.compute;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/** Recognises batch normalisation. */
final class BatchNormalizationKernel implements LayerKernel {
  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == BatchNormalization.class || layer instanceof FastBatchNormalization;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastBatchNormalization fast) {
      return new Verdict.Accelerated(fast, FastBatchNormalization.KERNEL);
    }
    BatchNormalization stock = (BatchNormalization) layer;
    if (stock.layerConf().isLockGammaBeta()) {
      return new Verdict.Stock("gamma and beta locked");
    }
    Optional<String> type =
        Coverage.whyStock(stock.getParam(BatchNormalizationParamInitializer.GAMMA).dataType());
    if (type.isPresent()) {
      return new Verdict.Stock(type.get());
    }
    return new Verdict.Accelerated(FastBatchNormalization.of(stock), FastBatchNormalization.KERNEL);
  }
}
