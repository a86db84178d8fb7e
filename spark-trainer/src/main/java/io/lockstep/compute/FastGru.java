package io.lockstep.compute;

import io.lockstep.layers.GruLayer;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
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
  private final transient GruPass pass = new GruPass();
  private final transient RecurrentPorts ports;

  /** The state that the last forward pass began with; null for zero. */
  private transient INDArray start;

  private FastGru(GruLayer stock, boolean first) {
    super(stock.conf(), DataType.FLOAT);
    ports = new RecurrentPorts(pass, first);
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
    states.put(STATE_KEY_PREV_ACTIVATION, ports.lastOutput());
  }

  private INDArray output(LayerWorkspaceMgr workspaces) {
    return permuteIfNWC(ports.output(workspaces));
  }

  private void forward(boolean recording, INDArray state, LayerWorkspaceMgr workspaces) {
    checkShapes(state);
    applyDropOutIfNecessary(recording, workspaces);
    INDArray recurrent = getParamWithNoise(RecurrentPorts.RECURRENT, recording, workspaces);
    INDArray weights = getParamWithNoise(RecurrentPorts.WEIGHTS, recording, workspaces);
    INDArray bias = getParamWithNoise(RecurrentPorts.BIAS, recording, workspaces);
    ports.load(weights, recurrent, bias, permuteIfNWC(input));
    pass.begin((int) recurrent.size(0), layerConf().isResetAfter(), recording);
    if (state != null) {
      pass.output.loadStart(state);
    }
    pass.forward(ports.bias(), ports.mask(maskArray), recording);
    start = state;
    ports.recorded(recording ? input : null);
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
    if (!ports.hasRecorded(input)) {
      forward(true, start, workspaces);
    }
    ports.loadError(permuteIfNWC(epsilon));
    boolean wanted = ports.inputErrorWanted();
    pass.backward(ports.from(length), ports.mask(maskArray), ports.bias(), wanted);
    Gradient gradient = ports.gradients(gradientViews, new DefaultGradient(gradientsFlattened));
    weightNoiseParams.clear();
    ports.recorded(null);
    INDArray below = permuteIfNWC(ports.inputError(wanted, workspaces));
    return new Pair<>(gradient, wanted ? backpropDropOutIfPresent(below) : below);
  }

  @Override
  public void clear() {
    super.clear();
    ports.recorded(null);
    start = null;
  }
}
