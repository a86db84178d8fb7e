package io.lockstep.model;

import io.lockstep.compute.Accelerator;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A network whose recurrent layers begin each minibatch with the state in which the last one left
 * them: row i of a minibatch goes on where row i of the last one ended.
 *
 * <p>DL4J trains such windows by {@code BackpropType.TruncatedBPTT}, which takes several optimizer
 * steps in one call, clears the state at its ends, and runs back from zero state. Here a window is
 * a minibatch like any other, and gradients are those of the window with what it began with as a
 * constant. Not thread-safe.
 */
@SuppressWarnings("overrides") // DL4J's own: an array where its interface has varargs
final class StatefulNetwork extends MultiLayerNetwork {
  private static final long serialVersionUID = 1L;

  /** Names of DL4J's recurrent layers for their states; the second exists in an LSTM only. */
  private static final List<String> KEYS = List.of("prevAct", "prevMem");

  StatefulNetwork(MultiLayerConfiguration configuration) {
    super(configuration);
  }

  /**
   * The state of all recurrent layers: of each layer in order its outputs {@code [rows, units]},
   * then the cells of an LSTM likewise; empty before the first minibatch.
   */
  float[] carry() {
    List<float[]> parts = new ArrayList<>();
    int length = 0;
    for (Recurrent each : recurrent()) {
      for (String key : each.keys()) {
        INDArray state = each.layer().rnnGetPreviousState().get(key);
        if (state == null) {
          return new float[0];
        }
        float[] values = Floats.read(state.dup('c'));
        parts.add(values);
        length += values.length;
      }
    }
    float[] carry = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, carry, at, part.length);
      at += part.length;
    }
    return carry;
  }

  /**
   * Sets what {@link #carry()} returned.
   *
   * @param carry empty to begin from zero
   * @throws IllegalArgumentException if it is another network's
   */
  void carry(float[] carry) {
    List<Recurrent> layers = recurrent();
    int perRow = layers.stream().mapToInt(each -> each.units() * each.keys().size()).sum();
    if (carry.length % perRow != 0) {
      throw new IllegalArgumentException(
          carry.length + " values of carried state, but an example has " + perRow);
    }
    int rows = carry.length / perRow;
    int at = 0;
    for (Recurrent each : layers) {
      Map<String, INDArray> states = new HashMap<>();
      for (String key : each.keys()) {
        if (rows > 0) {
          INDArray state =
              Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', rows, each.units());
          float[] values = new float[rows * each.units()];
          System.arraycopy(carry, at, values, 0, values.length);
          Floats.write(values, state);
          at += values.length;
          states.put(key, state);
        }
      }
      each.begin(states);
    }
  }

  /** Streams end in the order of their rows, the last ones first: the others go on. */
  private void goOn(long rows) {
    for (Recurrent each : recurrent()) {
      Map<String, INDArray> states = each.layer().rnnGetPreviousState();
      states.replaceAll(
          (key, state) ->
              state.size(0) > rows
                  ? state.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all()).dup()
                  : state);
      each.begin(states);
    }
  }

  @Override
  public void computeGradientAndScore() {
    goOn(getInput().size(0));
    MultiLayerConfiguration configuration = getLayerWiseConfigurations();
    BackpropType type = configuration.getBackpropType();
    Layer[] own = layers.clone();
    configuration.setBackpropType(BackpropType.TruncatedBPTT); // forwards from the stored state
    for (int i = 0; i < layers.length; i++) {
      layers[i] = layers[i] instanceof RecurrentLayer each ? fromStoredState(each) : layers[i];
    }
    try {
      super.computeGradientAndScore();
    } finally {
      System.arraycopy(own, 0, layers, 0, own.length);
      configuration.setBackpropType(type);
    }
    updateRnnStateWithTBPTTState();
  }

  /** The layer, running back from the stored state, which DL4J never asks it to. */
  private static Layer fromStoredState(RecurrentLayer layer) {
    return (Layer)
        Proxy.newProxyInstance(
            StatefulNetwork.class.getClassLoader(),
            new Class<?>[] {RecurrentLayer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("backpropGradient")) {
                return layer.tbpttBackpropGradient(
                    (INDArray) arguments[0],
                    Accelerator.FROM_STORED_STATE,
                    (LayerWorkspaceMgr) arguments[1]);
              }
              try {
                return method.invoke(layer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public INDArray output(INDArray input, boolean train, INDArray mask, INDArray labelMask) {
    goOn(input.size(0));
    setLayerMaskArrays(mask, labelMask);
    List<INDArray> activations = rnnActivateUsingStoredState(input, train, true);
    clearLayerMaskArrays();
    updateRnnStateWithTBPTTState();
    return activations.get(activations.size() - 1);
  }

  private List<Recurrent> recurrent() {
    List<Recurrent> found = new ArrayList<>();
    for (Layer layer : getLayers()) {
      if (layer instanceof RecurrentLayer recurrent) {
        var units = (BaseRecurrentLayer) layer.conf().getLayer();
        found.add(new Recurrent(recurrent, (int) units.getNOut(), units instanceof LSTM));
      }
    }
    return found;
  }

  /**
   * A layer with state.
   *
   * @param units outputs of a time step
   * @param cells whether it has a second state
   */
  private record Recurrent(RecurrentLayer layer, int units, boolean cells) {
    List<String> keys() {
      return cells ? KEYS : KEYS.subList(0, 1);
    }

    /** The next window begins with these states, forwards and backwards. */
    void begin(Map<String, INDArray> states) {
      layer.rnnSetPreviousState(states);
      layer.rnnSetTBPTTState(states);
    }
  }
}
