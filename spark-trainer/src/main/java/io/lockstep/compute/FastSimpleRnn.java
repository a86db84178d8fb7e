package io.lockstep.compute;

import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.params.SimpleRnnParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.base.Preconditions;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An Elman network whose steps run in {@link RnnPass}. Like the stock layer, the backward pass of
 * truncated backpropagation starts every segment from zero, so there the recorded pass serves only
 * the first segment.
 */
final class FastSimpleRnn extends SimpleRnn {
  private static final String WEIGHTS = SimpleRnnParamInitializer.WEIGHT_KEY;
  private static final String RECURRENT = SimpleRnnParamInitializer.RECURRENT_WEIGHT_KEY;
  private static final String BIAS = SimpleRnnParamInitializer.BIAS_KEY;

  private final boolean first;
  private final transient RnnPass pass = new RnnPass();
  private final transient Sequence mask = Sequence.plain();
  private transient float[] bias = new float[0];

  /** The input of the pass that started from zero and awaits its backward pass. */
  private transient INDArray recordedInput;

  private transient INDArray recordedStart;

  private FastSimpleRnn(SimpleRnn stock, boolean first) {
    super(stock.conf(), DataType.FLOAT);
    this.first = first;
  }

  /** A layer that shares everything with {@code stock}. */
  static FastSimpleRnn of(SimpleRnn stock, Site site) {
    FastSimpleRnn fast = new FastSimpleRnn(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  /** Masks other than zeros and ones, and shapes, that the stock layer handles or explains. */
  private boolean uncovered() {
    return input.rank() != 3
        || permuteIfNWC(input).size(1) != getParam(WEIGHTS).size(0)
        || (maskArray != null && !maskArray.eq(0).castTo(DataType.FLOAT).equals(oneMinusMask()));
  }

  private INDArray oneMinusMask() {
    return maskArray.castTo(DataType.FLOAT).rsub(1);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (uncovered()) {
      return super.activate(training, workspaces);
    }
    forward(training, null, workspaces);
    return output(workspaces);
  }

  @Override
  public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    if (uncovered()) {
      return super.rnnTimeStep(input, workspaces);
    }
    forward(false, stateMap.get(STATE_KEY_PREV_ACTIVATION), workspaces);
    remember(stateMap);
    return output(workspaces);
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray input, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    if (uncovered()) {
      return super.rnnActivateUsingStoredState(input, training, storeLast, workspaces);
    }
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

  private void forward(boolean recording, INDArray start, LayerWorkspaceMgr workspaces) {
    Preconditions.checkState(
        start == null || start.size(0) == input.size(0),
        "Invalid RNN previous state (last time step activations/initialization): rnnTimeStep with"
            + " different minibatch size, or forgot to call rnnClearPreviousState between batches?"
            + " Previous step output = [batch, nIn] = %ndShape, current input = [batch, nIn,"
            + " seqLength] = %ndShape",
        start,
        input);
    applyDropOutIfNecessary(recording, workspaces);
    INDArray recurrent = getParamWithNoise(RECURRENT, recording, workspaces);
    pass.input.weights.load(getParamWithNoise(WEIGHTS, recording, workspaces));
    pass.recurrentWeights.load(recurrent);
    if (bias.length != recurrent.size(0)) {
      bias = new float[(int) recurrent.size(0)];
    }
    Memory.of(getParamWithNoise(BIAS, recording, workspaces)).get(0, bias, bias.length);
    pass.input.input.load(permuteIfNWC(input).castTo(DataType.FLOAT));
    pass.begin(bias.length);
    if (start != null) {
      pass.output.loadStart(start);
    }
    pass.forward(bias, loadedMask());
    recordedInput = recording ? input : null;
    recordedStart = recording ? start : null;
  }

  private Sequence loadedMask() {
    if (maskArray == null) {
      return null;
    }
    mask.loadMask(maskArray);
    return mask;
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray epsilon, int backwardLength, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (uncovered()) {
      return super.tbpttBackpropGradient(epsilon, backwardLength, workspaces);
    }
    // Stock DL4J runs back from zero state whatever the forward pass began with.
    boolean stored = backwardLength == Accelerator.FROM_STORED_STATE;
    INDArray start = stored ? stateMap.get(STATE_KEY_PREV_ACTIVATION) : null;
    if (recordedInput == null || recordedInput != input || recordedStart != start) {
      forward(true, start, workspaces);
    }
    pass.error.load(permuteIfNWC(epsilon).castTo(DataType.FLOAT));
    int from = backwardLength > 0 ? Math.max(0, pass.input.input.steps() - backwardLength) : 0;
    // The bias has been used; its array takes the gradient.
    boolean wanted = !(first && Backpropagation.discardsInputGradient());
    pass.backward(from, start != null, loadedMask(), bias, wanted);
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    pass.input.weights.storeGradient(gradientViews.get(WEIGHTS));
    pass.recurrentWeights.storeGradient(gradientViews.get(RECURRENT));
    Weights.store(bias, gradientViews.get(BIAS));
    for (String key : new String[] {WEIGHTS, RECURRENT, BIAS}) {
      gradient.gradientForVariable().put(key, gradientViews.get(key));
    }
    weightNoiseParams.clear();
    recordedInput = null;
    recordedStart = null;
    return new Pair<>(gradient, inputError(wanted, workspaces));
  }

  private INDArray inputError(boolean wanted, LayerWorkspaceMgr workspaces) {
    if (!wanted) {
      return permuteIfNWC(pass.input.error.uninitialised(ArrayType.ACTIVATION_GRAD, workspaces));
    }
    INDArray array = pass.input.error.toArray(ArrayType.ACTIVATION_GRAD, workspaces);
    return permuteIfNWC(backpropDropOutIfPresent(array));
  }

  @Override
  public void clear() {
    super.clear();
    recordedInput = null;
    recordedStart = null;
  }
}
