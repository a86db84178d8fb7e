package io.lockstep.compute;

import io.lockstep.layers.GruLayer;
import io.lockstep.layers.GruParamInitializer;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A GRU whose steps run in {@link GruPass}, and whose backward pass uses the gates of the forward
 * pass instead of computing them again. As in the stock layer it begins where the forward pass
 * began.
 */
final class FastGru extends GruLayer {
  private static final String WEIGHTS = GruParamInitializer.WEIGHT_KEY;
  private static final String RECURRENT = GruParamInitializer.RECURRENT_WEIGHT_KEY;
  private static final String BIAS = GruParamInitializer.BIAS_KEY;

  private final boolean first;
  private final transient GruPass pass = new GruPass();
  private final transient Sequence mask = Sequence.plain();
  private transient float[] bias = new float[0];

  /** The state that the last forward pass began with; null for zero. */
  private transient INDArray start;

  /** The input of the pass that was recorded and awaits its backward pass. */
  private transient INDArray recordedInput;

  private FastGru(GruLayer stock, boolean first) {
    super(stock.conf(), DataType.FLOAT);
    this.first = first;
  }

  /** A layer that shares everything with {@code stock}. */
  static FastGru of(GruLayer stock, Site site) {
    FastGru fast = new FastGru(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    forward(training, null, workspaces);
    return output(workspaces);
  }

  @Override
  public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    forward(false, stateMap.get(STATE_KEY_PREV_ACTIVATION), workspaces);
    remember(stateMap);
    return output(workspaces);
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray input, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    forward(training, tBpttStateMap.get(STATE_KEY_PREV_ACTIVATION), workspaces);
    if (storeLast) {
      remember(tBpttStateMap);
    }
    return output(workspaces);
  }

  private void remember(Map<String, INDArray> states) {
    states.put(STATE_KEY_PREV_ACTIVATION, pass.output.detached(pass.output.steps() - 1));
  }

  private INDArray output(LayerWorkspaceMgr workspaces) {
    return permuteIfNWC(pass.output.toArray(ArrayType.ACTIVATIONS, workspaces));
  }

  private void forward(boolean recording, INDArray state, LayerWorkspaceMgr workspaces) {
    checkShapes(state);
    applyDropOutIfNecessary(recording, workspaces);
    INDArray recurrent = getParamWithNoise(RECURRENT, recording, workspaces);
    pass.input.weights.load(getParamWithNoise(WEIGHTS, recording, workspaces));
    pass.recurrentWeights.load(recurrent);
    readBias(getParamWithNoise(BIAS, recording, workspaces));
    pass.input.input.load(permuteIfNWC(input).castTo(DataType.FLOAT));
    pass.begin((int) recurrent.size(0), layerConf().isResetAfter(), recording);
    if (state != null) {
      pass.output.loadStart(state);
    }
    pass.forward(bias, loadedMask(), recording);
    start = state;
    recordedInput = recording ? input : null;
  }

  private void readBias(INDArray array) {
    if (bias.length != array.length()) {
      bias = new float[(int) array.length()];
    }
    Memory.of(array).get(0, bias, bias.length);
  }

  private Sequence loadedMask() {
    if (maskArray == null) {
      return null;
    }
    mask.loadMask(maskArray);
    return mask;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return backward(epsilon, Integer.MAX_VALUE, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray epsilon, int backwardLength, LayerWorkspaceMgr workspaces) {
    return backward(epsilon, backwardLength, workspaces);
  }

  private Pair<Gradient, INDArray> backward(
      INDArray epsilon, int length, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (recordedInput == null || recordedInput != input) {
      forward(true, start, workspaces);
    }
    pass.error.load(permuteIfNWC(epsilon).castTo(DataType.FLOAT));
    boolean wanted = !(first && Backpropagation.discardsInputGradient());
    // The bias has been used; its array takes the gradient.
    pass.backward(Math.max(0, pass.input.input.steps() - length), loadedMask(), bias, wanted);
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    pass.input.weights.storeGradient(gradientViews.get(WEIGHTS));
    pass.recurrentWeights.storeGradient(gradientViews.get(RECURRENT));
    Weights.store(bias, gradientViews.get(BIAS));
    for (String key : new String[] {WEIGHTS, RECURRENT, BIAS}) {
      gradient.gradientForVariable().put(key, gradientViews.get(key));
    }
    weightNoiseParams.clear();
    recordedInput = null;
    return new Pair<>(gradient, inputError(wanted, workspaces));
  }

  private INDArray inputError(boolean wanted, LayerWorkspaceMgr workspaces) {
    if (!wanted) {
      return permuteIfNWC(pass.input.error.uninitialised(ArrayType.ACTIVATION_GRAD, workspaces));
    }
    INDArray array = pass.input.error.toArray(ArrayType.ACTIVATION_GRAD, workspaces);
    return backpropDropOutIfPresent(permuteIfNWC(array));
  }

  @Override
  public void clear() {
    super.clear();
    recordedInput = null;
    start = null;
  }
}
