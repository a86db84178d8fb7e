package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** On a real series a plan is no worse than an LSTM in a plain DL4J loop with the same budget. */
class ForecastComparisonTest {
  private static final int WINDOW = 14;
  private static final int HORIZON = 3;
  private static final int TRAINED = 1096; // rows of 2012 to 2014
  private static final int STRIDE = 2;
  private static final int EPOCHS = 6;
  private static final int BATCH = 16;
  private static final double RATE = 0.005;

  @TempDir private Path folder;

  @Test
  void noWorseThanAPlainLoop() throws IOException {
    EvaluationResult test =
        Training.of(
                PlanBuilder.named("weather")
                    .train(
                        ("series: {path: embedded:seattle-weather.csv, time: date, targets:"
                                + " temp_max, features: [temp_max, temp_min], window: %d, horizon:"
                                + " %d, stride: %d, until: 2015-01-01}")
                            .formatted(WINDOW, HORIZON, STRIDE))
                    .test(
                        "series: {path: embedded:seattle-weather.csv, time: date, from:"
                            + " 2015-01-01}")
                    .set("data.normalize", "standardize")
                    .set("data.standardizeTargets", true)
                    .layers("lstm: 16", "dense: {}")
                    .loss("mae")
                    .optimizer("adam: {learningRate: %s}".formatted(RATE))
                    .batch(BATCH)
                    .epochs(EPOCHS)
                    .set("run.engine", "inProcess")
                    .directory(folder.resolve("run").toString())
                    .build())
            .run()
            .test()
            .orElseThrow();
    double plain = plainLoop(rows());
    System.out.printf(
        "mean absolute error %.3f, of a plain DL4J loop %.3f, naive %.3f%n",
        test.metric("mae"), plain, test.metric("naiveMae"));
    assertThat(test.metric("mae")).isLessThan(1.05 * plain);
    assertThat(test.metric("mae")).isLessThan(test.metric("naiveMae"));
  }

  /** Rows of {@code [temp_max, temp_min]}. */
  private static double[][] rows() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            ForecastComparisonTest.class.getResourceAsStream(
                "/io/lockstep/data/text/seattle-weather.csv.gz"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(","))
          .map(cells -> new double[] {Double.parseDouble(cells[2]), Double.parseDouble(cells[3])})
          .toArray(double[][]::new);
    }
  }

  private static double plainLoop(double[][] rows) {
    double[] mean = new double[2];
    double[] deviation = new double[2];
    for (int i = 0; i < 2; i++) {
      for (int row = 0; row < TRAINED; row++) {
        mean[i] += rows[row][i] / TRAINED;
      }
      for (int row = 0; row < TRAINED; row++) {
        deviation[i] += Math.pow(rows[row][i] - mean[i], 2) / TRAINED;
      }
      deviation[i] = Math.sqrt(deviation[i]);
    }
    double[][] scaled = new double[rows.length][2];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < 2; i++) {
        scaled[row][i] = (rows[row][i] - mean[i]) / deviation[i];
      }
    }
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(RATE))
                .weightInit(WeightInit.XAVIER)
                .list()
                .layer(
                    new LastTimeStep(
                        new LSTM.Builder().nOut(16).activation(Activation.TANH).build()))
                .layer(
                    new OutputLayer.Builder(LossFunction.L1)
                        .nOut(HORIZON)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2))
                .build());
    network.init();
    List<Integer> windows = new ArrayList<>();
    for (int first = 0; first + WINDOW + HORIZON <= TRAINED; first += STRIDE) {
      windows.add(first);
    }
    var random = new Random(1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Collections.shuffle(windows, random);
      for (int from = 0; from < windows.size(); from += BATCH) {
        List<Integer> batch = windows.subList(from, Math.min(from + BATCH, windows.size()));
        network.fit(inputs(scaled, batch), labels(scaled, batch));
      }
    }
    List<Integer> tested = new ArrayList<>();
    for (int first = TRAINED - WINDOW; first + WINDOW + HORIZON <= rows.length; first++) {
      if (first % STRIDE == 0) {
        tested.add(first);
      }
    }
    INDArray errors =
        org.nd4j.linalg.ops.transforms.Transforms.abs(
            network.output(inputs(scaled, tested)).sub(labels(scaled, tested)));
    return errors.meanNumber().doubleValue() * deviation[0];
  }

  private static INDArray inputs(double[][] rows, List<Integer> windows) {
    INDArray inputs = Nd4j.zeros(windows.size(), 2, WINDOW);
    for (int i = 0; i < windows.size(); i++) {
      for (int step = 0; step < WINDOW; step++) {
        for (int feature = 0; feature < 2; feature++) {
          inputs.putScalar(new int[] {i, feature, step}, rows[windows.get(i) + step][feature]);
        }
      }
    }
    return inputs;
  }

  private static INDArray labels(double[][] rows, List<Integer> windows) {
    INDArray labels = Nd4j.zeros(windows.size(), HORIZON);
    for (int i = 0; i < windows.size(); i++) {
      for (int step = 0; step < HORIZON; step++) {
        labels.putScalar(i, step, rows[windows.get(i) + WINDOW + step][0]);
      }
    }
    return labels;
  }
}
