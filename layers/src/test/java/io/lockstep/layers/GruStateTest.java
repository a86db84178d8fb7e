package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.Map;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** State that goes on: step by step, and from window to window of truncated backpropagation. */
class GruStateTest {
  private static final RNNFormat NCW = RNNFormat.NCW;

  /** Steps in a window; the last of {@link Nets#TIME} are a window of its own. */
  private static final int WINDOW = 3;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepByStepIsTheWholeSequence(boolean resetAfter) {
    MultiLayerNetwork network = network(resetAfter);
    INDArray inputs = Nets.inputs(NCW, 1);
    INDArray whole = network.output(inputs);
    for (int t = 0; t < Nets.TIME; t++) {
      INDArray now = network.rnnTimeStep(inputs.get(all(), all(), point(t)).dup());
      assertThat(now.equalsWithEps(whole.get(all(), all(), point(t)), 1e-12)).isTrue();
    }
    network.rnnClearPreviousState();
    INDArray head = network.rnnTimeStep(inputs.get(all(), all(), interval(0, 3)).dup());
    INDArray state = network.rnnGetPreviousState(0).get(GruLayer.STATE_KEY_PREV_ACTIVATION);
    INDArray tail = network.rnnTimeStep(inputs.get(all(), all(), interval(3, 5)).dup());
    assertThat(head.equalsWithEps(whole.get(all(), all(), interval(0, 3)), 1e-12)).isTrue();
    assertThat(tail.equalsWithEps(whole.get(all(), all(), interval(3, 5)), 1e-12)).isTrue();
    assertThat(state.isAttached()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void timeMayComeBeforeSize(RNNFormat format) {
    MultiLayerNetwork network = Nets.network(Nets.perStep(format, Nets.gru(true).build()));
    int time = format == NCW ? 2 : 1;
    INDArray inputs = Nets.inputs(format, 1);
    INDArray whole = network.output(inputs);
    INDArray[] parts = {
      network.rnnTimeStep(cut(inputs, time, 0, 3)), network.rnnTimeStep(cut(inputs, time, 3, 5))
    };
    assertThat(parts[0].equalsWithEps(cut(whole, time, 0, 3), 1e-12)).isTrue();
    assertThat(parts[1].equalsWithEps(cut(whole, time, 3, 5), 1e-12)).isTrue();
  }

  private static INDArray cut(INDArray array, int time, int from, int to) {
    return (time == 2
            ? array.get(all(), all(), interval(from, to))
            : array.get(all(), interval(from, to), all()))
        .dup();
  }

  @Test
  void theStateMayBeTakenAndGivenBack() {
    MultiLayerNetwork network = Nets.network(Nets.perStep(NCW, Nets.gru(true).build()));
    network.rnnTimeStep(Nets.inputs(NCW, 1));
    Map<String, INDArray> state = network.rnnGetPreviousState(0);
    INDArray expected = network.rnnTimeStep(Nets.inputs(NCW, 2));
    network.rnnClearPreviousState();
    assertThat(network.rnnTimeStep(Nets.inputs(NCW, 2))).isNotEqualTo(expected);
    network.rnnSetPreviousState(0, state);
    assertThat(network.rnnTimeStep(Nets.inputs(NCW, 2))).isEqualTo(expected);
  }

  @Test
  void aStateOfOtherSequencesIsRefused() {
    MultiLayerNetwork network = network(true);
    network.rnnTimeStep(Nets.random(1, 2, Nets.INPUTS, 3));
    assertThatThrownBy(() -> network.rnnTimeStep(Nets.random(1, 4, Nets.INPUTS, 3)))
        .hasMessageContaining("holds the state of 2 sequences and got 4");
  }

  @Test
  void inputsOfAnotherSizeAreRefused() {
    MultiLayerNetwork network = network(true);
    assertThatThrownBy(() -> network.output(Nets.random(1, 2, Nets.INPUTS + 1, 3)))
        .hasMessageContaining("nIn = 3 got inputs of size 4");
  }

  /**
   * The gradient of a window is the slope of its loss with the state it started from held fixed,
   * also in the second window, where stock recurrent layers start again from zero.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theGradientOfALaterWindowCountsTheStateItStartedFrom(boolean resetAfter) {
    MultiLayerNetwork network = network(resetAfter);
    GruLayer layer = (GruLayer) network.getLayer(0);
    network.initGradientsView();
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    layer.rnnActivateUsingStoredState(Nets.inputs(NCW, 1), true, true, none);
    Map<String, INDArray> between = layer.rnnGetTBPTTState();
    INDArray inputs = Nets.inputs(NCW, 2);
    INDArray error = Nets.random(3, Nets.BATCH, Nets.UNITS, Nets.TIME);
    layer.rnnActivateUsingStoredState(inputs, true, true, none);
    INDArray inputError = layer.backpropGradient(error.dup('f'), none).getSecond().dup();
    INDArray gradient = layer.getGradientsViewArray().dup();
    for (int i = 0; i < gradient.length(); i++) {
      double slope = slope(layer, between, inputs, error, layer.params(), i);
      assertThat(gradient.getDouble(i)).as("parameter %d", i).isCloseTo(slope, within(1e-7));
    }
    for (int i = 0; i < inputs.length(); i++) {
      double slope = slope(layer, between, inputs, error, inputs, i);
      assertThat(inputError.dup('c').getDouble(i)).as("input %d", i).isCloseTo(slope, within(1e-7));
    }
  }

  private static double slope(
      GruLayer layer,
      Map<String, INDArray> state,
      INDArray inputs,
      INDArray error,
      INDArray varied,
      long index) {
    double before = varied.getDouble(index);
    double[] sums = new double[2];
    for (int side = 0; side < 2; side++) {
      varied.putScalar(index, before + (side == 0 ? 1e-6 : -1e-6));
      layer.rnnSetTBPTTState(state);
      INDArray output =
          layer.rnnActivateUsingStoredState(inputs, true, false, LayerWorkspaceMgr.noWorkspaces());
      sums[side] = output.mul(error).sumNumber().doubleValue();
    }
    varied.putScalar(index, before);
    return (sums[0] - sums[1]) / 2e-6;
  }

  /** Backward over two steps of five is the gradient of two steps from the state before them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theBackwardPassMayBeShorterThanTheWindow(boolean resetAfter) {
    MultiLayerNetwork network = network(resetAfter);
    GruLayer layer = (GruLayer) network.getLayer(0);
    network.initGradientsView();
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    INDArray inputs = Nets.inputs(NCW, 1);
    INDArray error = Nets.random(3, Nets.BATCH, Nets.UNITS, Nets.TIME);
    layer.activate(inputs, true, none);
    INDArray inputError = layer.tbpttBackpropGradient(error.dup(), 2, none).getSecond();
    INDArray gradient = layer.getGradientsViewArray().dup();

    layer.rnnActivateUsingStoredState(cut(inputs, 2, 0, 3), true, true, none);
    layer.rnnActivateUsingStoredState(cut(inputs, 2, 3, 5), true, true, none);
    INDArray expected = layer.backpropGradient(cut(error, 2, 3, 5), none).getSecond();
    assertThat(gradient.equalsWithEps(layer.getGradientsViewArray(), 1e-12)).isTrue();
    assertThat(cut(inputError, 2, 3, 5).equalsWithEps(expected, 1e-12)).isTrue();
    assertThat(cut(inputError, 2, 0, 3).norm2Number().doubleValue()).isZero();
  }

  @Test
  void windowsTrainAsOneSequenceWhereOneHoldsAll() {
    MultiLayerNetwork whole = network(true);
    MultiLayerNetwork windows = truncated(Nets.TIME);
    whole.fit(Nets.inputs(NCW, 1), Nets.labelsPerStep(NCW, 2));
    windows.fit(Nets.inputs(NCW, 1), Nets.labelsPerStep(NCW, 2));
    assertThat(windows.params()).isEqualTo(whole.params());
  }

  /** Fits a network by windows, and beside it one by hand: a step per window, with the state. */
  @Test
  void windowsAreStepsThatHandTheStateOn() {
    MultiLayerNetwork windows = truncated(WINDOW);
    MultiLayerNetwork byHand = truncated(WINDOW);
    INDArray inputs = Nets.inputs(NCW, 1);
    INDArray labels = Nets.labelsPerStep(NCW, 2);
    windows.fit(inputs, labels);

    int[] ends = {0, WINDOW, Nets.TIME};
    for (int i = 0; i + 1 < ends.length; i++) {
      byHand.setInput(cut(inputs, 2, ends[i], ends[i + 1]));
      byHand.setLabels(cut(labels, 2, ends[i], ends[i + 1]));
      byHand.computeGradientAndScore();
      byHand.params().subi(byHand.gradient().gradient().div(Nets.BATCH));
    }
    assertThat(windows.params().equalsWithEps(byHand.params(), 1e-12)).isTrue();
    assertThat(windows.rnnGetPreviousState(0)).isEmpty();
  }

  private static MultiLayerNetwork network(boolean resetAfter) {
    return Nets.network(
        Nets.perStep(NCW, Nets.gru(resetAfter).build(), Nets.gru(resetAfter).build()));
  }

  private static MultiLayerNetwork truncated(int window) {
    MultiLayerConfiguration configuration = network(true).getLayerWiseConfigurations();
    configuration.setBackpropType(BackpropType.TruncatedBPTT);
    configuration.setTbpttFwdLength(window);
    configuration.setTbpttBackLength(window);
    return Nets.network(configuration);
  }
}
