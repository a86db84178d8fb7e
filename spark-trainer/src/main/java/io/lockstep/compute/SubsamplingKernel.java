package io.lockstep.compute;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;

/** Recognises two-dimensional pooling. */
final class SubsamplingKernel implements LayerKernel {
  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == SubsamplingLayer.class || layer instanceof FastSubsampling;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastSubsampling fast) {
      return new Verdict.Accelerated(fast, FastSubsampling.KERNEL);
    }
    SubsamplingLayer stock = (SubsamplingLayer) layer;
    Optional<String> type =
        Coverage.whyStock(Reflection.read(stock, AbstractLayer.class, "dataType"));
    if (type.isPresent()) {
      return new Verdict.Stock(type.get());
    }
    PoolingType pooling = stock.layerConf().getPoolingType();
    if (pooling != PoolingType.MAX && pooling != PoolingType.AVG) {
      return new Verdict.Stock("pooling type " + pooling);
    }
    if (stock.layerConf().getConvolutionMode() == ConvolutionMode.Causal) {
      return new Verdict.Stock("causal pooling");
    }
    return new Verdict.Accelerated(FastSubsampling.of(stock, site), FastSubsampling.KERNEL);
  }
}
