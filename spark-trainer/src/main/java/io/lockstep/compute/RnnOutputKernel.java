package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Recognises output layers of sequences with softmax and cross-entropy. */
final class RnnOutputKernel implements LayerKernel {
  private static final String KERNEL = "softmax and cross-entropy in " + Lanes.best().description();

  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == RnnOutputLayer.class || layer instanceof FastRnnOutput;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastRnnOutput) {
      return new Verdict.Accelerated(layer, KERNEL);
    }
    RnnOutputLayer stock = (RnnOutputLayer) layer;
    Optional<String> reason = Coverage.whyNotOnLanes(stock.getParam("W").dataType());
    if (reason.isPresent()) {
      return new Verdict.Stock(reason.get());
    }
    return uncovered(stock.layerConf())
        .<Verdict>map(Verdict.Stock::new)
        .orElseGet(() -> new Verdict.Accelerated(FastRnnOutput.of(stock), KERNEL));
  }

  /** Why no kernel computes {@code layer}; empty if one does. */
  static Optional<String> uncovered(org.deeplearning4j.nn.conf.layers.RnnOutputLayer layer) {
    if (!(layer.getActivationFn() instanceof ActivationSoftmax)) {
      return Optional.of("activation " + layer.getActivationFn());
    }
    ILossFunction loss = layer.getLossFn();
    if (!(loss instanceof LossMCXENT entropy) || entropy.getWeights() != null) {
      return Optional.of("loss " + loss);
    }
    if (layer.getIDropout() != null || layer.getWeightNoise() != null) {
      return Optional.of("dropout or weight noise");
    }
    return Optional.empty();
  }
}
