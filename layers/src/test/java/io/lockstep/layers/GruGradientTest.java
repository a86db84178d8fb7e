package io.lockstep.layers;

import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Backpropagation against finite differences of the loss, in double precision. */
class GruGradientTest {
  @BeforeAll
  static void doubles() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterAll
  static void floats() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** Time before size is another way of reading the same: one mask shows it. */
  static Stream<Arguments> everything() {
    return Stream.of(true, false)
        .flatMap(
            resetAfter ->
                Stream.concat(
                    Stream.of(Masks.values())
                        .map(mask -> Arguments.of(resetAfter, RNNFormat.NCW, mask)),
                    Stream.of(Arguments.of(resetAfter, RNNFormat.NWC, Masks.WITH_GAPS))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void gradientsOfALossPerStepAreItsSlopes(boolean resetAfter, RNNFormat format, Masks mask) {
    check(
        Nets.perStep(format, Nets.gru(resetAfter).build(), Nets.gru(resetAfter).build()),
        new MLNConfig()
            .input(Nets.inputs(format, 1))
            .labels(Nets.labelsPerStep(format, 2))
            .inputMask(mask.array())
            .labelMask(mask.array()));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void gradientsOfALossOnTheLastStepAreItsSlopes(boolean resetAfter, RNNFormat format, Masks mask) {
    check(
        Nets.perSequence(format, new LastTimeStep(Nets.gru(resetAfter).build())),
        new MLNConfig()
            .input(Nets.inputs(format, 3))
            .labels(Nets.labels(4))
            .inputMask(mask.array()));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void gradientsInBothDirectionsAreSlopes(boolean resetAfter, RNNFormat format, Masks mask) {
    check(
        Nets.perStep(
            format, new Bidirectional(Bidirectional.Mode.CONCAT, Nets.gru(resetAfter).build())),
        new MLNConfig()
            .input(Nets.inputs(format, 5))
            .labels(Nets.labelsPerStep(format, 6))
            .inputMask(mask.array())
            .labelMask(mask.array()));
  }

  @ParameterizedTest
  @EnumSource(Bidirectional.Mode.class)
  void bothDirectionsMayBeMergedInAnyWay(Bidirectional.Mode mode) {
    check(Nets.perStep(RNNFormat.NCW, new Bidirectional(mode, Nets.gru(true).build())), perStep(7));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void otherActivationsMayBeUsed(boolean resetAfter) {
    check(
        Nets.perStep(
            RNNFormat.NCW,
            Nets.gru(resetAfter)
                .activation(Activation.SOFTSIGN)
                .gateActivationFunction(Activation.RATIONALTANH)
                .build()),
        perStep(9));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void weightsMayBePenalised(boolean resetAfter) {
    check(
        Nets.perStep(RNNFormat.NCW, Nets.gru(resetAfter).l2(0.1).l1(0.05).l2Bias(0.2).build()),
        perStep(9));
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void inputsMayBeDropped(RNNFormat format) {
    check(
        Nets.perStep(format, Nets.gru(true).build(), Nets.gru(false).dropOut(0.6).build()),
        new MLNConfig()
            .input(Nets.inputs(format, 1))
            .labels(Nets.labelsPerStep(format, 2))
            .inputMask(Masks.PADDED.array())
            .labelMask(Masks.PADDED.array())
            .callEachIter(network -> Nd4j.getRandom().setSeed(5)));
  }

  @Test
  void lossesMayBeSummedOverTheMinibatch() {
    MultiLayerConfiguration configuration = Nets.perStep(RNNFormat.NCW, Nets.gru(true).build());
    configuration.getConfs().forEach(layer -> layer.setMiniBatch(false));
    check(configuration, perStep(9));
  }

  private static MLNConfig perStep(int seed) {
    return new MLNConfig()
        .input(Nets.inputs(RNNFormat.NCW, seed))
        .labels(Nets.labelsPerStep(RNNFormat.NCW, seed + 1));
  }

  private static void check(MultiLayerConfiguration configuration, MLNConfig check) {
    Nets.checkGradients(check.net(Nets.network(configuration)));
  }
}
