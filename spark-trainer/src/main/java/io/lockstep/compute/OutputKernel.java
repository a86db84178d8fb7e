package io.lockstep.compute;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** Recognises fully connected output layers. */
final class OutputKernel implements LayerKernel {
  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == OutputLayer.class || layer instanceof FastOutput;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastOutput fast) {
      return new Verdict.Accelerated(fast, fast.kernel());
    }
    OutputLayer stock = (OutputLayer) layer;
    Optional<String> type =
        Coverage.whyStock(stock.getParam(DefaultParamInitializer.WEIGHT_KEY).dataType());
    if (type.isPresent()) {
      return new Verdict.Stock(type.get());
    }
    if (stock.layerConf().getWeightNoise() != null) {
      return new Verdict.Stock("weight noise");
    }
    FastOutput fast = FastOutput.of(stock, site);
    return new Verdict.Accelerated(fast, fast.kernel());
  }
}
