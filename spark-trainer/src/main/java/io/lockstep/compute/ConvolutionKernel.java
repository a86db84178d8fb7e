package io.lockstep.compute;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;

/** Recognises two-dimensional convolutions. */
final class ConvolutionKernel implements LayerKernel {
  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == ConvolutionLayer.class || layer instanceof FastConvolution;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastConvolution fast) {
      return new Verdict.Accelerated(fast, FastConvolution.KERNEL);
    }
    ConvolutionLayer stock = (ConvolutionLayer) layer;
    Optional<String> reason = Coverage.whyStock(stock, stock.layerConf().getActivationFn());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    if (stock.getConvolutionMode() == ConvolutionMode.Causal) {
      return new Verdict.Stock("causal convolution");
    }
    return new Verdict.Accelerated(FastConvolution.of(stock, site), FastConvolution.KERNEL);
  }
}
