package io.lockstep.compute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.deeplearning4j.nn.layers.recurrent.LastTimeStepLayer;
import org.deeplearning4j.nn.layers.recurrent.MaskZeroLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;

/**
 * Looks into layers that only direct others (both directions, the last time step, masking) and
 * accelerates what they hold. The wrapper itself stays DL4J's.
 */
final class WrapperKernel implements LayerKernel {
  private final List<LayerKernel> inner;

  /** Offers what wrappers hold to {@code inner}. */
  WrapperKernel(List<LayerKernel> inner) {
    this.inner = List.copyOf(inner);
  }

  @Override
  public boolean recognises(Layer layer) {
    return fields(layer).size() > 0;
  }

  /** The fields of {@code layer} that hold layers, with the class that declares them. */
  private static Map<String, Class<?>> fields(Layer layer) {
    Map<String, Class<?>> fields = new LinkedHashMap<>();
    if (layer instanceof BidirectionalLayer) {
      fields.put("fwd", BidirectionalLayer.class);
      fields.put("bwd", BidirectionalLayer.class);
    } else if (layer instanceof LastTimeStepLayer || layer instanceof MaskZeroLayer) {
      fields.put("underlying", BaseWrapperLayer.class);
    }
    return fields;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    List<String> kernels = new ArrayList<>();
    for (Map.Entry<String, Class<?>> field : fields(layer).entrySet()) {
      Layer held = Reflection.read(layer, field.getValue(), field.getKey());
      Verdict verdict = verdict(held, site);
      if (verdict instanceof Verdict.Stock) {
        return verdict;
      }
      Verdict.Accelerated accelerated = (Verdict.Accelerated) verdict;
      Reflection.write(layer, field.getValue(), field.getKey(), accelerated.layer());
      kernels.add(accelerated.kernel());
    }
    return new Verdict.Accelerated(layer, kernels.get(0));
  }

  private Verdict verdict(Layer held, Site site) {
    if (recognises(held)) {
      return accelerate(held, site);
    }
    for (LayerKernel kernel : inner) {
      if (kernel.recognises(held)) {
        return kernel.accelerate(held, site);
      }
    }
    return new Verdict.Stock("no kernel for the " + held.getClass().getSimpleName() + " inside");
  }
}
