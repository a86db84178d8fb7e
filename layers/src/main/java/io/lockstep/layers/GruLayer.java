package io.lockstep.layers;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.BaseRecurrentLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The runtime layer of a {@link GRU}; {@link GruSteps} has its arithmetic.
 *
 * <p>The backward pass begins where the forward pass before it began: at zero, or in truncated
 * backpropagation at the state that the window before left, which counts as a constant. A mask of
 * the features masks this layer too, so that the second direction of a bidirectional network does
 * not start from padding. State is kept outside all workspaces.
 *
 * <p>Not thread-safe.
 */
public class GruLayer extends BaseRecurrentLayer<GRU> {
  /** The name of the only state: the last outputs, {@code [batch, nOut]}. */
  public static final String STATE_KEY_PREV_ACTIVATION = "prevAct";

  /** The state that the last forward pass began with; null for zero. */
  private transient INDArray start;

  /** A layer without parameters as yet; {@link GRU#instantiate} completes it. */
  public GruLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    return forward(null, training, workspaces);
  }

  @Override
  public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    INDArray output = forward(stateMap.get(STATE_KEY_PREV_ACTIVATION), false, workspaces);
    remember(stateMap, output);
    return output;
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray input, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    INDArray output = forward(tBpttStateMap.get(STATE_KEY_PREV_ACTIVATION), training, workspaces);
    if (storeLast) {
      remember(tBpttStateMap, output);
    }
    return output;
  }

  @SuppressWarnings("try") // the scope is left, not used
  private void remember(Map<String, INDArray> states, INDArray output) {
    INDArray steps = permuteIfNWC(output);
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      INDArray last = steps.get(all(), all(), point(steps.size(2) - 1));
      states.put(STATE_KEY_PREV_ACTIVATION, last.dup('f'));
    }
  }

  private INDArray forward(INDArray state, boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    checkShapes(state);
    applyDropOutIfNecessary(training, workspaces);
    start = state;
    GruSteps steps = steps(training, workspaces, ArrayType.FF_WORKING_MEM);
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType(), outputShape(), 'f');
    steps.forward(state, output);
    return permuteIfNWC(output);
  }

  private GruSteps steps(boolean training, LayerWorkspaceMgr workspaces, ArrayType memory) {
    INDArray sequences = permuteIfNWC(input.castTo(dataType()));
    return new GruSteps(
        layerConf(),
        new GruSteps.Weights(
            getParamWithNoise(GruParamInitializer.WEIGHT_KEY, training, workspaces),
            getParamWithNoise(GruParamInitializer.RECURRENT_WEIGHT_KEY, training, workspaces),
            getParamWithNoise(GruParamInitializer.BIAS_KEY, training, workspaces)),
        workspaces.dup(memory, sequences, 'f'),
        maskArray == null ? null : maskArray.castTo(dataType()),
        training,
        workspaces);
  }

  private DataType dataType() {
    return getParam(GruParamInitializer.WEIGHT_KEY).dataType();
  }

  private long[] outputShape() {
    INDArray sequences = permuteIfNWC(input);
    return new long[] {sequences.size(0), layerConf().getNOut(), sequences.size(2)};
  }

  /**
   * Sees whether the input fits this layer and {@code state}, which may be null.
   *
   * @throws DL4JInvalidInputException if the input does not fit
   * @throws IllegalStateException if the state is not one of as many sequences
   */
  protected final void checkShapes(INDArray state) {
    if (input.rank() != 3) {
      throw new DL4JInvalidInputException(
          "a GRU takes sequences, of rank 3; this input has the shape %s %s"
              .formatted(Arrays.toString(input.shape()), layerId()));
    }
    long size = permuteIfNWC(input).size(1);
    if (size != layerConf().getNIn()) {
      throw new DL4JInvalidInputException(
          "a GRU of nIn = %d got inputs of size %d (shape %s, format %s) %s"
              .formatted(
                  layerConf().getNIn(),
                  size,
                  Arrays.toString(input.shape()),
                  getDataFormat(),
                  layerId()));
    }
    if (state != null && state.size(0) != input.size(0)) {
      throw new IllegalStateException(
          ("the GRU holds the state of %d sequences and got %d; call rnnClearPreviousState between"
                  + " minibatches of different sizes")
              .formatted(state.size(0), input.size(0)));
    }
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return backward(epsilon, Long.MAX_VALUE, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray epsilon, int backwardLength, LayerWorkspaceMgr workspaces) {
    return backward(epsilon, backwardLength, workspaces);
  }

  private Pair<Gradient, INDArray> backward(
      INDArray epsilon, long length, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    applyDropOutIfNecessary(true, workspaces);
    GruSteps steps = steps(true, workspaces, ArrayType.BP_WORKING_MEM);
    INDArray inputError =
        workspaces.create(ArrayType.ACTIVATION_GRAD, dataType(), permuteIfNWC(input).shape(), 'f');
    gradientsFlattened.assign(0);
    steps.backward(
        start,
        permuteIfNWC(epsilon).castTo(dataType()),
        length,
        new GruSteps.Weights(
            gradientViews.get(GruParamInitializer.WEIGHT_KEY),
            gradientViews.get(GruParamInitializer.RECURRENT_WEIGHT_KEY),
            gradientViews.get(GruParamInitializer.BIAS_KEY)),
        inputError);
    weightNoiseParams.clear();
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(gradient.gradientForVariable()::put);
    return new Pair<>(gradient, backpropDropOutIfPresent(permuteIfNWC(inputError)));
  }

  /** Masks this layer; the layers above get the mask passed on, as from an LSTM. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int minibatchSize) {
    setMaskArray(mask);
    return new Pair<>(mask, MaskState.Passthrough);
  }

  @Override
  public void clear() {
    super.clear();
    start = null;
  }

  @Override
  public Type type() {
    return Type.RECURRENT;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
