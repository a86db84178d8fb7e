package io.lockstep.compute;

import java.util.Map;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.SimpleRnnParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a recurrent layer's arrays of DL4J are for its {@link RecurrentPass}, in and out; and which
 * forward pass was recorded, so that the backward pass need not repeat it.
 *
 * <p>Sequences are {@code [batch, size, time]} here; whoever has them otherwise permutes them.
 * Owned by one layer.
 */
final class RecurrentPorts {
  // The same in DL4J's LSTM and in our GRU.
  static final String WEIGHTS = SimpleRnnParamInitializer.WEIGHT_KEY;
  static final String RECURRENT = SimpleRnnParamInitializer.RECURRENT_WEIGHT_KEY;
  static final String BIAS = SimpleRnnParamInitializer.BIAS_KEY;

  private final RecurrentPass pass;
  private final boolean first;
  private final StepMask mask = new StepMask();
  private float[] bias = new float[0];
  private INDArray recordedInput;

  /**
   * Ports of {@code pass}.
   *
   * @param first whether nothing that learns lies below the layer
   */
  RecurrentPorts(RecurrentPass pass, boolean first) {
    this.pass = pass;
    this.first = first;
  }

  /** Takes parameters and input of a pass to come. */
  void load(INDArray weights, INDArray recurrent, INDArray biases, INDArray sequences) {
    pass.input.weights.load(weights);
    pass.recurrentWeights.load(recurrent);
    if (bias.length != biases.length()) {
      bias = new float[(int) biases.length()];
    }
    Memory.of(biases).get(0, bias, bias.length);
    pass.input.input.load(sequences.castTo(DataType.FLOAT));
  }

  /** The biases, and after the backward pass their gradient: by then they have been used. */
  float[] bias() {
    return bias;
  }

  /**
   * DL4J's mask {@code [batch, time]} as factors of each step, or null if there is none or nothing
   * is left out.
   */
  StepMask mask(INDArray array) {
    if (array == null) {
      return null;
    }
    mask.load(array);
    return mask.whole() ? null : mask;
  }

  /** All outputs, in a workspace. */
  INDArray output(LayerWorkspaceMgr workspaces) {
    return pass.output.toArray(ArrayType.ACTIVATIONS, workspaces);
  }

  /** The outputs of the last step, {@code [batch, size]}, outside of all workspaces. */
  INDArray lastOutput() {
    return pass.output.detached(pass.output.steps() - 1);
  }

  /** Notes that the pass over {@code input} was recorded, or with null that none was. */
  void recorded(INDArray input) {
    recordedInput = input;
  }

  /** Whether the recorded pass, not yet gone back over, was one over this very array. */
  boolean hasRecorded(INDArray input) {
    return recordedInput != null && recordedInput == input;
  }

  /** Whether anyone asks for the gradient with respect to the input. */
  boolean inputErrorWanted() {
    return !(first && Backpropagation.discardsInputGradient());
  }

  /** Takes the gradient of the outputs. */
  void loadError(INDArray epsilon) {
    pass.error.load(epsilon.castTo(DataType.FLOAT));
  }

  /** The first of the last {@code length} steps. */
  int from(int length) {
    return Math.max(0, pass.input.input.steps() - length);
  }

  /** Puts the parameters' gradients into DL4J's {@code views} and these into {@code gradient}. */
  Gradient gradients(Map<String, INDArray> views, Gradient gradient) {
    pass.input.weights.storeGradient(views.get(WEIGHTS));
    pass.recurrentWeights.storeGradient(views.get(RECURRENT));
    Weights.store(bias, views.get(BIAS));
    for (String key : new String[] {WEIGHTS, RECURRENT, BIAS}) {
      gradient.gradientForVariable().put(key, views.get(key));
    }
    return gradient;
  }

  /** The gradient with respect to the input, in a workspace; of any content if not wanted. */
  INDArray inputError(boolean wanted, LayerWorkspaceMgr workspaces) {
    return wanted
        ? pass.input.error.toArray(ArrayType.ACTIVATION_GRAD, workspaces)
        : pass.input.error.uninitialised(ArrayType.ACTIVATION_GRAD, workspaces);
  }
}
