package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The forward pass against numbers that do not come from it. */
class GruFormulaTest {
  private static final double L = Math.log(3);

  /**
   * One unit, one input, x = (1, 0), h_0 = 0; with L = ln 3: sigmoid(L) = 3/4, sigmoid(-L) = 1/4,
   * sigmoid(0) = 1/2, tanh(L/2) = 1/2.
   *
   * <pre>
   * W = (3L, -L, 0)   R = (24L, 0, -8L)   b = (-L, 0, 0) and (-L, 0, 2L)
   *
   * x = 1: z = sigmoid(3L - L - L)  = sigmoid(L)  = 3/4
   *        r = sigmoid(-L)                        = 1/4
   *        n = tanh(0 + r (0 + 2L)) = tanh(L/2)   = 1/2
   *        h = 3/4 * 0 + 1/4 * 1/2                = 1/8
   * x = 0: z = sigmoid(-2L + 24L/8) = sigmoid(L)  = 3/4
   *        r = sigmoid(0)                         = 1/2
   *        n = tanh(r (-8L/8 + 2L)) = tanh(L/2)   = 1/2
   *        h = 3/4 * 1/8 + 1/4 * 1/2              = 7/32
   * </pre>
   */
  @Test
  void twoStepsWithResetAfterAreWhatTheyAreByHand() {
    double[] params = {3 * L, -L, 0, 24 * L, 0, -8 * L, -L, 0, 0, -L, 0, 2 * L};
    assertThat(twoSteps(true, params)).containsExactly(new double[] {1 / 8.0, 7 / 32.0}, near());
  }

  /**
   * As above, but the reset gate multiplies the state before the product.
   *
   * <pre>
   * W = (2L, 0, L/4)   R = (16L, 8L, -8L)   b = (-L, -L, L/4)
   *
   * x = 1: z = sigmoid(2L - L)            = sigmoid(L)   =  3/4
   *        n = tanh(L/4 + L/4)            = tanh(L/2)    =  1/2
   *        h = 3/4 * 0 + 1/4 * 1/2                       =  1/8
   * x = 0: z = sigmoid(-L + 16L/8)        = sigmoid(L)   =  3/4
   *        r = sigmoid(-L + 8L/8)         = sigmoid(0)   =  1/2
   *        n = tanh(L/4 - 8L (1/2 * 1/8)) = tanh(-L/4)   = -(sqrt 3 - 1) / (sqrt 3 + 1)
   *                                                      =  sqrt 3 - 2
   *        h = 3/4 * 1/8 + 1/4 (sqrt 3 - 2)
   * </pre>
   */
  @Test
  void twoStepsWithoutResetAfterAreWhatTheyAreByHand() {
    double[] params = {2 * L, 0, L / 4, 16 * L, 8 * L, -8 * L, -L, -L, L / 4};
    double second = 3 / 32.0 + (Math.sqrt(3) - 2) / 4;
    assertThat(twoSteps(false, params)).containsExactly(new double[] {1 / 8.0, second}, near());
  }

  private static org.assertj.core.data.Offset<Double> near() {
    return within(1e-12);
  }

  private static double[] twoSteps(boolean resetAfter, double[] params) {
    GruLayer layer = layer(resetAfter, RNNFormat.NCW, 1, 1, params);
    INDArray input = Nd4j.createFromArray(new double[][][] {{{1, 0}}});
    return layer.activate(input, false, LayerWorkspaceMgr.noWorkspaces()).ravel().toDoubleVector();
  }

  static Stream<Arguments> everything() {
    return Stream.of(true, false)
        .flatMap(
            resetAfter ->
                Stream.of(RNNFormat.values())
                    .flatMap(
                        format ->
                            Stream.of(Masks.values())
                                .map(mask -> Arguments.of(resetAfter, format, mask))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void sequencesFollowTheFormula(boolean resetAfter, RNNFormat format, Masks mask) {
    double[] params = params(resetAfter, Nets.INPUTS, Nets.UNITS);
    GruLayer layer = layer(resetAfter, format, Nets.INPUTS, Nets.UNITS, params);
    layer.setMaskArray(mask.array());
    INDArray inputs = Nets.inputs(format, 1);
    INDArray outputs = layer.activate(inputs, true, LayerWorkspaceMgr.noWorkspaces());
    check(
        resetAfter,
        params,
        mask,
        sizeBeforeTime(inputs, format),
        sizeBeforeTime(outputs, format),
        null);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void sequencesMayStartFromAState(boolean resetAfter, RNNFormat format, Masks mask) {
    double[] params = params(resetAfter, Nets.INPUTS, Nets.UNITS);
    GruLayer layer = layer(resetAfter, format, Nets.INPUTS, Nets.UNITS, params);
    layer.setMaskArray(mask.array());
    INDArray state = Nets.random(8, Nets.BATCH, Nets.UNITS);
    layer.rnnSetPreviousState(Map.of(GruLayer.STATE_KEY_PREV_ACTIVATION, state));
    INDArray inputs = Nets.inputs(format, 1);
    INDArray outputs = layer.rnnTimeStep(inputs, LayerWorkspaceMgr.noWorkspaces());
    check(
        resetAfter,
        params,
        mask,
        sizeBeforeTime(inputs, format),
        sizeBeforeTime(outputs, format),
        state);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4", "3,1", "2,3"})
  void anySizesFollowTheFormula(int inputs, int units) {
    for (boolean resetAfter : new boolean[] {true, false}) {
      double[] params = params(resetAfter, inputs, units);
      GruLayer layer = layer(resetAfter, RNNFormat.NCW, inputs, units, params);
      for (int batch : new int[] {1, 2}) {
        for (int time : new int[] {1, 3}) {
          INDArray x = Nets.random(batch + time, batch, inputs, time);
          INDArray outputs = layer.activate(x, false, LayerWorkspaceMgr.noWorkspaces());
          check(resetAfter, params, Masks.NONE, x, outputs, null);
        }
      }
    }
  }

  private static void check(
      boolean resetAfter,
      double[] params,
      Masks mask,
      INDArray inputs,
      INDArray outputs,
      INDArray state) {
    int units = (int) outputs.size(1);
    PlainGru plain = new PlainGru(params, (int) inputs.size(1), units, resetAfter);
    for (int example = 0; example < inputs.size(0); example++) {
      double[] before = state == null ? new double[units] : state.getRow(example).toDoubleVector();
      for (int t = 0; t < inputs.size(2); t++) {
        double[] x = new double[(int) inputs.size(1)];
        for (int i = 0; i < x.length; i++) {
          x[i] = inputs.getDouble(example, i, t);
        }
        before = plain.step(x, before, mask.at(example, t));
        for (int unit = 0; unit < units; unit++) {
          assertThat(outputs.getDouble(example, unit, t))
              .as("example %d, step %d, unit %d", example, t, unit)
              .isCloseTo(before[unit], near());
        }
      }
    }
  }

  private static INDArray sizeBeforeTime(INDArray array, RNNFormat format) {
    return format == RNNFormat.NCW ? array : array.permute(0, 2, 1);
  }

  private static double[] params(boolean resetAfter, int inputs, int units) {
    return Nets.random(4, 3 * units * (inputs + units + (resetAfter ? 2 : 1))).toDoubleVector();
  }

  private static GruLayer layer(
      boolean resetAfter, RNNFormat format, int inputs, int units, double[] params) {
    NeuralNetConfiguration configuration =
        Nets.settings()
            .layer(
                new GRU.Builder()
                    .nIn(inputs)
                    .nOut(units)
                    .resetAfter(resetAfter)
                    .dataFormat(format)
                    .build())
            .build();
    INDArray vector = Nd4j.createFromArray(params).castTo(DataType.DOUBLE);
    return (GruLayer)
        configuration
            .getLayer()
            .instantiate(configuration, null, 0, vector, false, DataType.DOUBLE);
  }
}
