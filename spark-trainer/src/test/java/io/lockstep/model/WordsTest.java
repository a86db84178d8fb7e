package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.Labels;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.PlanParser;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/** Every word becomes the DL4J object that has the meant hyperparameters, and survives JSON. */
class WordsTest {
  /** A network for 8x8 images of two channels and three classes, from the lines of a model. */
  private static MultiLayerConfiguration model(String layer, String more) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          loss: categoricalCrossentropy
        %s
          layers:
        %s
            - dense: {units: 3, activation: softmax}
        """
            .formatted(more.indent(2).stripTrailing(), ("- " + layer).indent(4).stripTrailing());
    var plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    var built =
        NetworkBuilder.build(
            plan.plan().model(),
            NetworkInput.fixed(2, 8, 8),
            Labels.Classes.numbered(3),
            1,
            plan.origins());
    MultiLayerConfiguration configuration =
        ((NetworkConfiguration.MultiLayer) built).configuration();
    assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    return configuration;
  }

  private static Layer layer(String yaml) {
    return model(yaml, "").getConf(0).getLayer();
  }

  private static IUpdater optimizer(String yaml) {
    BaseLayer layer = (BaseLayer) model("dense: 4", "optimizer: " + yaml).getConf(0).getLayer();
    return layer.getIUpdater();
  }

  @Test
  void optimizersHaveTheGivenHyperparameters() {
    String rates = "{learningRate: 0.2, beta1: 0.8, beta2: 0.95, epsilon: 0.01}";
    assertThat(optimizer("{sgd: {learningRate: 0.2}}")).isEqualTo(new Sgd(0.2));
    assertThat(optimizer("{nesterov: {learningRate: 0.2, momentum: 0.7}}"))
        .isEqualTo(new Nesterovs(0.2, 0.7));
    assertThat(optimizer("{adagrad: {learningRate: 0.2, epsilon: 0.01}}"))
        .isEqualTo(new AdaGrad(0.2, 0.01));
    assertThat(optimizer("{rmsprop: {learningRate: 0.2, rho: 0.8, epsilon: 0.01}}"))
        .isEqualTo(new RmsProp(0.2, 0.8, 0.01));
    assertThat(optimizer("{adadelta: {rho: 0.8, epsilon: 0.01}}"))
        .isEqualTo(new AdaDelta(0.8, 0.01));
    assertThat(optimizer("{adam: " + rates + "}")).isEqualTo(new Adam(0.2, 0.8, 0.95, 0.01));
    assertThat(optimizer("{adamW: " + rates + "}")).isEqualTo(new Adam(0.2, 0.8, 0.95, 0.01));
    assertThat(optimizer("{adamax: " + rates + "}")).isEqualTo(new AdaMax(0.2, 0.8, 0.95, 0.01));
    assertThat(optimizer("{nadam: " + rates + "}")).isEqualTo(new Nadam(0.2, 0.8, 0.95, 0.01));
    assertThat(optimizer("{amsgrad: " + rates + "}")).isEqualTo(new AMSGrad(0.2, 0.8, 0.95, 0.01));
  }

  @Test
  void optimizersDefaultToKeras() {
    assertThat(optimizer("sgd")).isEqualTo(new Sgd(0.01));
    assertThat(optimizer("nesterov")).isEqualTo(new Nesterovs(0.01, 0.9));
    assertThat(optimizer("adagrad")).isEqualTo(new AdaGrad(0.001, 1e-7));
    assertThat(optimizer("rmsprop")).isEqualTo(new RmsProp(0.001, 0.9, 1e-7));
    assertThat(optimizer("adadelta")).isEqualTo(new AdaDelta(0.95, 1e-7));
    assertThat(optimizer("adam")).isEqualTo(new Adam(0.001, 0.9, 0.999, 1e-7));
    assertThat(optimizer("adamax")).isEqualTo(new AdaMax(0.001, 0.9, 0.999, 1e-7));
    assertThat(optimizer("nadam")).isEqualTo(new Nadam(0.001, 0.9, 0.999, 1e-7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd",
        "nesterov",
        "adagrad",
        "rmsprop",
        "adadelta",
        "adam",
        "adamW",
        "adamax",
        "nadam",
        "amsgrad"
      })
  void everyOptimizerLowersTheLoss(String word) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(model("dense: {units: 4, activation: tanh}", "optimizer: " + word));
    network.init();
    var features = Nd4j.linspace(-1, 1, 3 * 128).castTo(Nd4j.dataType()).reshape(3, 2, 8, 8);
    var labels = Nd4j.eye(3);
    double before = network.score(new org.nd4j.linalg.dataset.DataSet(features, labels));
    for (int i = 0; i < 10; i++) {
      network.fit(features, labels);
    }
    assertThat(network.score(new org.nd4j.linalg.dataset.DataSet(features, labels)))
        .isLessThan(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          step: {initial: 0.1, factor: 0.5, every: 10}               | 25 | 0    | 0.025
          step: {initial: 0.1, every: 2, per: epoch}                 | 99 | 3    | 0.01
          exponential: {initial: 0.1, factor: 0.9}                   | 3  | 0    | 0.0729
          inverse: {initial: 0.01}                                   | 10000 | 0 | 0.005946035575013605
          polynomial: {initial: 0.1, length: 100}                    | 0  | 0    | 0.1
          polynomial: {initial: 0.1, length: 100}                    | 25 | 0    | 0.075
          polynomial: {initial: 0.1, last: 0.02, power: 2, length: 4, per: epoch} | 9 | 2 | 0.04
          polynomial: {initial: 0.1, length: 100}                    | 500 | 0   | 0
          cosine: {initial: 0.1, length: 100}                        | 50 | 0    | 0.05
          cosine: {initial: 0.1, last: 0.01, length: 100}            | 100 | 0   | 0.01
          cosine: {initial: 0.1, length: 100, warmup: 9}             | 0  | 0    | 0.01
          cosine: {initial: 0.1, length: 100, warmup: 9}             | 8  | 0    | 0.09
          cosine: {initial: 0.1, length: 100, warmup: 9}             | 50 | 0    | 0.05
          warmup: {rate: 0.1, length: 4}                             | 0  | 0    | 0.02
          warmup: {rate: 0.1, length: 4}                             | 4  | 0    | 0.1
          warmup: {rate: 0.1, length: 4}                             | 999 | 0   | 0.1
          oneCycle: {peak: 0.1, length: 100, divide: 10}             | 0  | 0    | 0.01
          oneCycle: {peak: 0.1, length: 100}                         | 30 | 0    | 0.1
          oneCycle: {peak: 0.1, length: 100, divide: 10, divideLast: 10} | 100 | 0 | 0.001
          """)
  void schedulesGiveTheMeantRate(String schedule, int step, int epoch, double rate) {
    Sgd sgd = (Sgd) optimizer("{sgd: {learningRate: {" + schedule + "}}}");
    assertThat(sgd.getLearningRate(step, epoch)).isCloseTo(rate, within(1e-9));
  }

  @Test
  void longTablesStayCloseToTheCurve() {
    Sgd sgd = (Sgd) optimizer("{sgd: {learningRate: {cosine: {initial: 1, length: 1000000}}}}");
    ISchedule schedule = sgd.getLearningRateSchedule();
    for (int t = 0; t <= 1_000_000; t += 997) {
      double exact = (1 + Math.cos(Math.PI * t / 1e6)) / 2;
      assertThat(schedule.valueAt(t, 0)).isCloseTo(exact, within(0.005));
    }
  }

  @Test
  void convolutionsHaveTheGivenSizes() {
    ConvolutionLayer conv =
        (ConvolutionLayer)
            layer(
                "conv2d: {filters: 5, kernel: [3, 2], strides: [2, 1], padding: same, dilation: 1,"
                    + " useBias: false}");
    assertThat(conv.getKernelSize()).containsExactly(3, 2);
    assertThat(conv.getStride()).containsExactly(2, 1);
    assertThat(conv.getConvolutionMode()).isEqualTo(ConvolutionMode.Same);
    assertThat(conv.getNIn()).isEqualTo(2);
    assertThat(conv.getNOut()).isEqualTo(5);
    assertThat(conv.hasBias()).isFalse();
    assertThat(
            ((ConvolutionLayer) layer("conv2d: {filters: 5, kernel: 3, dilation: 2}"))
                .getDilation())
        .containsExactly(2, 2);
    DepthwiseConvolution2D depthwise =
        (DepthwiseConvolution2D) layer("depthwiseConv2d: {kernel: 3, depthMultiplier: 3}");
    assertThat(depthwise.getNOut()).isEqualTo(6);
    SeparableConvolution2D separable =
        (SeparableConvolution2D) layer("separableConv2d: {filters: 7, kernel: 3}");
    assertThat(separable.getNOut()).isEqualTo(7);
    SubsamplingLayer pooling =
        (SubsamplingLayer) layer("averagePooling2d: {pool: 3, strides: 1, padding: same}");
    assertThat(pooling.getKernelSize()).containsExactly(3, 3);
    assertThat(pooling.getStride()).containsExactly(1, 1);
    assertThat(pooling.getPoolingType()).hasToString("AVG");
    assertThat(((SubsamplingLayer) layer("maxPooling2d: 4")).getStride()).containsExactly(4, 4);
  }

  @Test
  void dropoutDropsTheGivenRate() {
    DropoutLayer layer = (DropoutLayer) layer("dropout: 0.2");
    assertThat(layer.getIDropout()).isEqualTo(new Dropout(0.8));
  }

  @Test
  void batchNormalizationHasKerasDefaults() {
    BatchNormalization layer = (BatchNormalization) layer("batchNormalization");
    assertThat(layer.getDecay()).isEqualTo(0.99);
    assertThat(layer.getEps()).isEqualTo(0.001);
    assertThat(layer.isLockGammaBeta()).isFalse();
  }

  @Test
  void penaltiesAreKerasAndOwnOnesComeFirst() {
    MultiLayerConfiguration both =
        model(
            "dense: {units: 4, l2: 0.5}",
            "regularization: {l1: 0.01, l2: 0.02, weightDecay: 0.03}\n"
                + "optimizer: {adamW: {weightDecay: 0.1}}");
    assertThat(((BaseLayer) both.getConf(0).getLayer()).getRegularization())
        .containsExactly(
            new L1Regularization(0.01), new L2Regularization(1.0), new WeightDecay(0.13, true));
    assertThat(((OutputLayer) both.getConf(1).getLayer()).getRegularization())
        .containsExactly(
            new L1Regularization(0.01), new L2Regularization(0.04), new WeightDecay(0.13, true));
    assertThat(((BaseLayer) both.getConf(0).getLayer()).getRegularizationBias()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "none, None, 1",
    "{value: 0.5}, ClipElementWiseAbsoluteValue, 0.5",
    "{norm: 2}, ClipL2PerParamType, 2",
    "'{norm: {norm: 2, of: layer}}', ClipL2PerLayer, 2"
  })
  void gradientsAreClipped(String yaml, GradientNormalization kind, double threshold) {
    BaseLayer layer =
        (BaseLayer) model("dense: 4", "gradientClipping: " + yaml).getConf(0).getLayer();
    assertThat(layer.getGradientNormalization()).isEqualTo(kind);
    assertThat(layer.getGradientNormalizationThreshold()).isEqualTo(threshold);
  }

  @Test
  void biasesStartAtTheGivenValue() {
    assertThat(((BaseLayer) layer("dense: {units: 4, biasInitializer: 0.25}")).getBiasInit())
        .isEqualTo(0.25);
  }

  @Test
  void aModelIsEitherWordsOrAFile() {
    assertThat(
            PlanParser.parse(
                    "{data: {train: {embedded: mnist-10k}}, model: {dl4j: net.json}}",
                    "plan.yaml",
                    List.of())
                .model())
        .isInstanceOf(ModelPlan.Dl4j.class);
  }
}
