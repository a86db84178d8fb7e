package io.lockstep.layers;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a {@link LayerNormalization} as views of one flat vector: {@code gamma}, {@code
 * [size]}, ones at the start, if it scales; then {@code beta}, {@code [size]}, zeros at the start,
 * if it shifts. Stateless.
 */
public final class LayerNormalizationParamInitializer implements ParamInitializer {
  /** The scale. */
  public static final String GAMMA_KEY = "gamma";

  /** The shift. */
  public static final String BETA_KEY = "beta";

  private static final LayerNormalizationParamInitializer INSTANCE =
      new LayerNormalizationParamInitializer();

  private LayerNormalizationParamInitializer() {}

  /** The one instance. */
  public static LayerNormalizationParamInitializer getInstance() {
    return INSTANCE;
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return paramKeys(layer).size() * ((LayerNormalization) layer).getNIn();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    LayerNormalization norm = (LayerNormalization) layer;
    List<String> keys = new ArrayList<>();
    if (norm.isScale()) {
      keys.add(GAMMA_KEY);
    }
    if (norm.isCenter()) {
      keys.add(BETA_KEY);
    }
    return keys;
  }

  /** None: a scale is not drawn at random, nor regularised. */
  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of();
  }

  /** None: a bias may have an updater of its own, and this is none. */
  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return false;
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return false;
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
    Map<String, INDArray> params = Collections.synchronizedMap(views(conf, paramsView));
    params.forEach(
        (key, view) -> {
          conf.addVariable(key);
          if (initializeParams) {
            view.assign(key.equals(GAMMA_KEY) ? 1 : 0);
          }
        });
    return params;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradientView) {
    return views(conf, gradientView);
  }

  /** Of a vector that is null if there are no parameters. */
  private Map<String, INDArray> views(NeuralNetConfiguration conf, INDArray vector) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long size = ((LayerNormalization) conf.getLayer()).getNIn();
    for (String key : paramKeys(conf.getLayer())) {
      long at = views.size() * size;
      views.put(key, vector.reshape(vector.length()).get(interval(at, at + size)));
    }
    return views;
  }
}
