package io.lockstep.compute;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.base.Preconditions;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An LSTM whose steps run in {@link LstmPass}, and whose backward pass uses the gates of the
 * forward pass instead of computing them again.
 *
 * <p>The recorded pass counts as that of the backward pass if input and starting state are the same
 * objects; else it is run again, as stock DL4J always does.
 */
final class FastLstm extends LSTM {
  private final transient LstmPass pass = new LstmPass();
  private final transient RecurrentPorts ports;
  private transient INDArray recordedOutput;
  private transient INDArray recordedCells;

  private FastLstm(LSTM stock, boolean first) {
    super(stock.conf(), DataType.FLOAT);
    ports = new RecurrentPorts(pass, first);
  }

  /** A layer that shares everything with {@code stock}. */
  static FastLstm of(LSTM stock, Site site) {
    FastLstm fast = new FastLstm(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    return activate(training, workspaces);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    forward(training, Map.of(), workspaces);
    return output(workspaces);
  }

  @Override
  public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    forward(false, stateMap, workspaces);
    remember(stateMap, false);
    return output(workspaces);
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray input, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    setInput(input, workspaces);
    forward(training, tBpttStateMap, workspaces);
    if (storeLast) {
      remember(tBpttStateMap, training);
    }
    return output(workspaces);
  }

  private void remember(Map<String, INDArray> states, boolean recorded) {
    states.put(STATE_KEY_PREV_ACTIVATION, ports.lastOutput());
    states.put(STATE_KEY_PREV_MEMCELL, pass.cells().detached(pass.lastCells(recorded)));
  }

  private void forward(
      boolean recording, Map<String, INDArray> start, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    Preconditions.checkState(
        input.rank() == 3, "3D input expected to RNN layer expected, got %s", input.rank());
    applyDropOutIfNecessary(recording, workspaces);
    INDArray weights = getParamWithNoise(RecurrentPorts.WEIGHTS, recording, workspaces);
    INDArray recurrent = getParamWithNoise(RecurrentPorts.RECURRENT, recording, workspaces);
    INDArray sequences = permuteIfNWC(input);
    if (sequences.size(1) != weights.size(0)) {
      throw new DL4JInvalidInputException(
          "Received input with size(1) = %d (input array shape = %s); input.size(1) must match layer nIn size (nIn = %d)"
              .formatted(sequences.size(1), Arrays.toString(input.shape()), weights.size(0)));
    }
    INDArray bias = getParamWithNoise(RecurrentPorts.BIAS, recording, workspaces);
    ports.load(weights, recurrent, bias, sequences);
    pass.begin((int) recurrent.size(0), recording);
    INDArray startOutput = start.get(STATE_KEY_PREV_ACTIVATION);
    INDArray startCells = start.get(STATE_KEY_PREV_MEMCELL);
    if (startOutput != null) {
      Preconditions.checkState(
          startOutput.size(0) == input.size(0),
          "Invalid RNN previous state (last time step activations/initialization): rnnTimeStep with"
              + " different minibatch size, or forgot to call rnnClearPreviousState between"
              + " batches? Previous step output = [batch, nIn] = %ndShape, current input = [batch,"
              + " nIn, seqLength] = %ndShape",
          startOutput,
          input);
      pass.output.loadStart(startOutput);
    }
    if (startCells != null) {
      pass.cells().loadStart(startCells);
    }
    pass.forward(ports.bias(), ports.mask(maskArray), recording);
    ports.recorded(recording ? input : null);
    recordedOutput = recording ? startOutput : null;
    recordedCells = recording ? startCells : null;
  }

  private INDArray output(LayerWorkspaceMgr workspaces) {
    return permuteIfNWC(ports.output(workspaces));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return backward(epsilon, Map.of(), Integer.MAX_VALUE, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray epsilon, int backwardLength, LayerWorkspaceMgr workspaces) {
    Pair<Gradient, INDArray> result = backward(epsilon, stateMap, backwardLength, workspaces);
    remember(tBpttStateMap, true);
    return result;
  }

  private Pair<Gradient, INDArray> backward(
      INDArray epsilon, Map<String, INDArray> start, int length, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (!ports.hasRecorded(input)
        || recordedOutput != start.get(STATE_KEY_PREV_ACTIVATION)
        || recordedCells != start.get(STATE_KEY_PREV_MEMCELL)) {
      forward(true, start, workspaces);
    }
    ports.loadError(permuteIfNWC(epsilon));
    boolean wanted = ports.inputErrorWanted();
    pass.backward(ports.from(length), ports.bias(), wanted);
    Gradient gradient = ports.gradients(gradientViews, new DefaultGradient());
    weightNoiseParams.clear();
    forget();
    INDArray below = ports.inputError(wanted, workspaces);
    return new Pair<>(gradient, permuteIfNWC(wanted ? backpropDropOutIfPresent(below) : below));
  }

  private void forget() {
    ports.recorded(null);
    recordedOutput = null;
    recordedCells = null;
  }

  @Override
  public void clear() {
    super.clear();
    forget();
  }
}
