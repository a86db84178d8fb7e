package io.lockstep.compute;

import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.SimpleRnn;
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
  private final transient RnnPass pass = new RnnPass();
  private final transient RecurrentPorts ports;
  private transient INDArray recordedStart;

  private FastSimpleRnn(SimpleRnn stock, boolean first) {
    super(stock.conf(), DataType.FLOAT);
    ports = new RecurrentPorts(pass, first);
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
        || permuteIfNWC(input).size(1) != getParam(RecurrentPorts.WEIGHTS).size(0)
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
    states.put(STATE_KEY_PREV_ACTIVATION, ports.lastOutput());
  }

  private INDArray output(LayerWorkspaceMgr workspaces) {
    return permuteIfNWC(ports.output(workspaces));
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
    INDArray recurrent = getParamWithNoise(RecurrentPorts.RECURRENT, recording, workspaces);
    INDArray weights = getParamWithNoise(RecurrentPorts.WEIGHTS, recording, workspaces);
    INDArray bias = getParamWithNoise(RecurrentPorts.BIAS, recording, workspaces);
    ports.load(weights, recurrent, bias, permuteIfNWC(input));
    pass.begin((int) recurrent.size(0));
    if (start != null) {
      pass.output.loadStart(start);
    }
    pass.forward(ports.bias(), ports.mask(maskArray));
    ports.recorded(recording ? input : null);
    recordedStart = recording ? start : null;
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
    if (!ports.hasRecorded(input) || recordedStart != start) {
      forward(true, start, workspaces);
    }
    ports.loadError(permuteIfNWC(epsilon));
    int from = backwardLength > 0 ? ports.from(backwardLength) : 0;
    boolean wanted = ports.inputErrorWanted();
    pass.backward(from, start != null, ports.mask(maskArray), ports.bias(), wanted);
    Gradient gradient = ports.gradients(gradientViews, new DefaultGradient(gradientsFlattened));
    weightNoiseParams.clear();
    ports.recorded(null);
    recordedStart = null;
    INDArray below = ports.inputError(wanted, workspaces);
    return new Pair<>(gradient, permuteIfNWC(wanted ? backpropDropOutIfPresent(below) : below));
  }

  @Override
  public void clear() {
    super.clear();
    ports.recorded(null);
    recordedStart = null;
  }
}
