package io.lockstep.layers;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a {@link GRU} as views of one flat vector, in this order.
 *
 * <ol>
 *   <li>{@code W}, {@code [nIn, 3 nOut]}, Keras' kernel, column after column;
 *   <li>{@code RW}, {@code [nOut, 3 nOut]}, Keras' recurrent kernel, column after column;
 *   <li>{@code b}: with {@code resetAfter} {@code [6 nOut]}, Keras' two rows one after the other,
 *       first the bias of the input's product, then that of the recurrent one; else {@code [3
 *       nOut]}.
 * </ol>
 *
 * <p>Columns stand in the order z, r, h. The fans of the initial weights are the sizes of the
 * matrices, as in Keras. Stateless.
 */
public final class GruParamInitializer implements ParamInitializer {
  /** Weights of the input. */
  public static final String WEIGHT_KEY = DefaultParamInitializer.WEIGHT_KEY;

  /** Weights of the state. */
  public static final String RECURRENT_WEIGHT_KEY = "RW";

  /** One bias, or two in a row. */
  public static final String BIAS_KEY = DefaultParamInitializer.BIAS_KEY;

  private static final GruParamInitializer INSTANCE = new GruParamInitializer();
  private static final List<String> WEIGHTS = List.of(WEIGHT_KEY, RECURRENT_WEIGHT_KEY);
  private static final List<String> BIASES = List.of(BIAS_KEY);
  private static final List<String> ALL = List.of(WEIGHT_KEY, RECURRENT_WEIGHT_KEY, BIAS_KEY);

  private GruParamInitializer() {}

  /** The one instance. */
  public static GruParamInitializer getInstance() {
    return INSTANCE;
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    GRU gru = (GRU) layer;
    return 3 * gru.getNOut() * (gru.getNIn() + gru.getNOut() + (gru.isResetAfter() ? 2 : 1));
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return ALL;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return WEIGHTS;
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return BIASES;
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return WEIGHTS.contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIASES.contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
    GRU gru = (GRU) conf.getLayer();
    Map<String, INDArray> params = Collections.synchronizedMap(views(gru, paramsView));
    ALL.forEach(conf::addVariable);
    if (initializeParams) {
      IWeightInit recurrent = gru.getWeightInitFnRecurrent();
      initialize(gru.getWeightInitFn(), params.get(WEIGHT_KEY));
      initialize(
          recurrent == null ? gru.getWeightInitFn() : recurrent, params.get(RECURRENT_WEIGHT_KEY));
      params.get(BIAS_KEY).assign(gru.getBiasInit());
    }
    return params;
  }

  /** Initialises {@code matrix} in place: its memory is one run, column after column. */
  private static void initialize(IWeightInit init, INDArray matrix) {
    init.init(
        (double) matrix.size(0),
        (double) matrix.size(1),
        matrix.shape(),
        IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
        matrix.reshape('f', new long[] {matrix.length()}));
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradientView) {
    return views((GRU) conf.getLayer(), gradientView);
  }

  private Map<String, INDArray> views(GRU gru, INDArray vector) {
    if (vector.length() != numParams(gru)) {
      throw new IllegalStateException(
          "a GRU of %d inputs and %d units has %d parameters, not %d"
              .formatted(gru.getNIn(), gru.getNOut(), numParams(gru), vector.length()));
    }
    INDArray flat = vector.reshape(vector.length());
    long columns = 3 * gru.getNOut();
    long recurrentAt = gru.getNIn() * columns;
    long biasAt = recurrentAt + gru.getNOut() * columns;
    Map<String, INDArray> views = new LinkedHashMap<>();
    views.put(WEIGHT_KEY, flat.get(interval(0, recurrentAt)).reshape('f', gru.getNIn(), columns));
    views.put(
        RECURRENT_WEIGHT_KEY,
        flat.get(interval(recurrentAt, biasAt)).reshape('f', gru.getNOut(), columns));
    views.put(BIAS_KEY, flat.get(interval(biasAt, flat.length())));
    return views;
  }
}
