package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Optional;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;

/** What all kernels of layers with weights ask for. */
final class Coverage {
  private Coverage() {}

  /** Why no kernel can take {@code layer}; empty if one can. */
  static Optional<String> whyStock(
      BaseLayer<? extends org.deeplearning4j.nn.conf.layers.BaseLayer> layer,
      IActivation activation) {
    Optional<String> type = whyStock(layer.getParam("W").dataType());
    if (type.isPresent()) {
      return type;
    }
    if (layer.layerConf().getWeightNoise() != null) {
      return Optional.of("weight noise");
    }
    if (Pointwise.of(activation).isEmpty()) {
      return Optional.of("activation " + activation);
    }
    return Optional.empty();
  }

  /** As {@link #whyStock(DataType)}, for kernels that run on {@link Lanes}. */
  static Optional<String> whyNotOnLanes(DataType type) {
    return Lanes.isUsable()
        ? whyStock(type)
        : Optional.of("this processor has no fused multiply-add");
  }

  static Optional<String> whyStock(DataType type) {
    return type == DataType.FLOAT
        ? Optional.empty()
        : Optional.of("computes in " + type + ", kernels in FLOAT");
  }
}
