package io.lockstep.layers;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The runtime layer of a {@link ReverseTimeSeries}.
 *
 * <p>The gradient goes the same way as the input: with the mask applied, turning around is its own
 * transpose. It is a {@link RecurrentLayer} because only those are asked to go on where the last
 * part of a sequence ended, which it refuses: the way back begins at an end not yet read.
 *
 * <p>Not thread-safe.
 */
public class ReverseTimeSeriesLayer extends AbstractLayer<ReverseTimeSeries>
    implements RecurrentLayer {
  /** A layer without parameters; {@link ReverseTimeSeries#instantiate} completes it. */
  public ReverseTimeSeriesLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /**
   * Turns the input around.
   *
   * @throws DL4JInvalidInputException if the input is no sequence
   */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    if (input == null || input.rank() != 3) {
      throw new DL4JInvalidInputException(
          "only sequences, of rank 3, can be turned around; this input has the shape %s %s"
              .formatted(input == null ? "null" : Arrays.toString(input.shape()), layerId()));
    }
    return turned(input.castTo(dataType), ArrayType.ACTIVATIONS, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return new Pair<>(
        new DefaultGradient(),
        turned(epsilon.castTo(dataType), ArrayType.ACTIVATION_GRAD, workspaces));
  }

  private INDArray turned(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray from = sequences(array);
    int batch = (int) from.size(0);
    int time = (int) from.size(2);
    INDArray steps = from.permute(0, 2, 1).dup('c').reshape(-1, from.size(1));
    INDArray turned = Nd4j.pullRows(steps, 1, order(batch, time), 'c');
    INDArray to = workspaces.createUninitialized(type, dataType, array.shape(), 'f');
    sequences(to).assign(turned.reshape(batch, time, from.size(1)).permute(0, 2, 1));
    if (maskArray != null) {
      sequences(to).muli(present(dataType).reshape(batch, 1, time));
    }
    return to;
  }

  /** {@code [batch, size, time]}, whichever way the layer is told to take it. */
  private INDArray sequences(INDArray array) {
    return layerConf().getRnnDataFormat() == RNNFormat.NWC ? array.permute(0, 2, 1) : array;
  }

  /** Which step of which example comes to each place, example by example. */
  private int[] order(int batch, int time) {
    float[] present = maskArray == null ? null : present(DataType.FLOAT).dup('c').data().asFloat();
    int[] order = new int[batch * time];
    for (int example = 0; example < batch; example++) {
      int first = example * time;
      int from = first + time - 1;
      for (int to = first; to < first + time; to++) {
        order[to] = to;
        if (present == null || present[to] != 0) {
          while (present != null && present[from] == 0) {
            from--;
          }
          order[to] = from--;
        }
      }
    }
    return order;
  }

  /** The mask as ones and zeros, {@code [batch, time]}. */
  private INDArray present(DataType type) {
    return maskArray.neq(0).castTo(type);
  }

  @Override
  public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
    throw onlyWhole();
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray input, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    throw onlyWhole();
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray epsilon, int backwardLength, LayerWorkspaceMgr workspaces) {
    throw onlyWhole();
  }

  private UnsupportedOperationException onlyWhole() {
    return new UnsupportedOperationException(
        "a sequence can be turned around only when all of it is there, not step by step or in"
            + " windows "
            + layerId());
  }

  /** Nothing: there is no state. */
  @Override
  public Map<String, INDArray> rnnGetPreviousState() {
    return Map.of();
  }

  /** Nothing: there is no state. */
  @Override
  public Map<String, INDArray> rnnGetTBPTTState() {
    return Map.of();
  }

  @Override
  public void rnnSetPreviousState(Map<String, INDArray> state) {}

  @Override
  public void rnnSetTBPTTState(Map<String, INDArray> state) {}

  @Override
  public void rnnClearPreviousState() {}

  @Override
  public void clearNoiseWeightParams() {}

  @Override
  public Type type() {
    return Type.RECURRENT;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
