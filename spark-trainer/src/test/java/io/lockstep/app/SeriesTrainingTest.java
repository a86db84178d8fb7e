package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.PlanBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Forecasts and their figures are those of the model in plain DL4J over windows made by hand. */
class SeriesTrainingTest {
  private static final int ROWS = 60;
  private static final int UNTIL = 45;
  private static final int WINDOW = 6;
  private static final int HORIZON = 2;
  private static final int LENGTH = WINDOW + HORIZON;
  private static final List<String> SHOPS = List.of("north", "south");

  @TempDir private Path folder;

  /** Per shop and day {@code [sales, price]}. */
  private final double[][][] data = new double[2][ROWS][2];

  @BeforeEach
  void writeTable() throws IOException {
    var text = new StringBuilder("shop,day,sales,price\n");
    for (int shop = 0; shop < 2; shop++) {
      for (int row = 0; row < ROWS; row++) {
        double price = 10 + (row * 7 + shop) % 5;
        double sales = 1000 * (shop + 1) + 200 * Math.sin(row * 2 * Math.PI / 7) - 30 * price;
        data[shop][row] = new double[] {Math.round(sales), price};
        text.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%s%n",
                SHOPS.get(shop),
                day(row),
                data[shop][row][0],
                data[shop][row][1]));
      }
    }
    Files.writeString(folder.resolve("sales.csv"), text);
  }

  private static String day(int row) {
    return LocalDate.of(2024, 1, 20).plusDays(row).toString();
  }

  private PlanBuilder plan(String engine) {
    return plan(engine, false);
  }

  private PlanBuilder plan(String engine, boolean difference) {
    String keys =
        "path: %s/sales.csv, series: shop, time: day, targets: sales, known: price, window: 6,"
            + " horizon: 2, difference: "
            + difference;
    return PlanBuilder.named("sales")
        .train("series: {%s, until: %s}".formatted(keys.formatted(folder), day(UNTIL)))
        .test("series: {path: %s/sales.csv, time: day, from: %s}".formatted(folder, day(UNTIL)))
        .validation(0.2)
        .set("data.normalize", "standardize")
        .set("data.standardizeTargets", true)
        .layers("lstm: 5", "dense: {}")
        .loss("mse")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(8)
        .epochs(3)
        .set("run.engine", engine)
        .set("run.master", "local[2]")
        .directory(folder.resolve(engine).toString());
  }

  /** Mean and deviation of a column over the windows that are trained. */
  private double[] moments(int column, int from, int to) {
    int trained = UNTIL - (int) Math.round(UNTIL * 0.2);
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (double[][] rows : data) {
        for (int first = 0; first + LENGTH <= trained; first++) {
          for (int step = from; step < to; step++) {
            boolean carried = from == 0 && column == 0 && step >= WINDOW;
            double value = rows[first + (carried ? WINDOW - 1 : step)][column];
            if (pass == 0) {
              count++;
              sum += value;
            } else {
              squares += (value - sum / count) * (value - sum / count);
            }
          }
        }
      }
    }
    return new double[] {sum / count, Math.sqrt(squares / count)};
  }

  private double[] byHand(MultiLayerNetwork network, int shop, int first) {
    double[] sales = moments(0, 0, LENGTH);
    double[] price = moments(1, 0, LENGTH);
    double[] targets = moments(0, WINDOW, LENGTH);
    INDArray input = Nd4j.zeros(1, 2, LENGTH);
    for (int step = 0; step < LENGTH; step++) {
      double[] row = data[shop][first + step];
      double known = data[shop][first + Math.min(step, WINDOW - 1)][0];
      input.putScalar(new int[] {0, 0, step}, (known - sales[0]) / sales[1]);
      input.putScalar(new int[] {0, 1, step}, (row[1] - price[0]) / price[1]);
    }
    INDArray output = network.output(input);
    return new double[] {
      output.getDouble(0, 0) * targets[1] + targets[0],
      output.getDouble(0, 1) * targets[1] + targets[0]
    };
  }

  @Test
  void figuresAndForecastsAreThoseOfPlainDl4j() throws IOException {
    TrainedModel model = Training.of(plan("inProcess").build()).run();
    EvaluationResult test = model.test().orElseThrow();
    MultiLayerNetwork network =
        ModelSerializer.restoreMultiLayerNetwork(new File(model.file().orElseThrow()), false);

    double absolute = 0;
    double scaled = 0;
    double naive = 0;
    int count = 0;
    for (int shop = 0; shop < 2; shop++) {
      double[][] rows = data[shop];
      int trained = UNTIL - (int) Math.round(UNTIL * 0.2);
      double scale = 0;
      for (int row = 1; row < trained; row++) {
        scale += Math.abs(rows[row][0] - rows[row - 1][0]) / (trained - 1);
      }
      for (int first = UNTIL - WINDOW; first + LENGTH <= ROWS; first++) {
        double[] foretold = byHand(network, shop, first);
        for (int step = 0; step < HORIZON; step++) {
          double truth = rows[first + WINDOW + step][0];
          absolute += Math.abs(foretold[step] - truth);
          scaled += Math.abs(foretold[step] - truth) / scale;
          naive += Math.abs(rows[first + WINDOW - 1][0] - truth) / scale;
          count++;
        }
      }
    }
    assertThat(test.examples()).isEqualTo(count / HORIZON);
    assertThat(test.metric("mae")).isCloseTo(absolute / count, within(0.05));
    assertThat(test.metric("mase")).isCloseTo(scaled / count, within(1e-3));
    assertThat(test.metric("naiveMase")).isCloseTo(naive / count, within(1e-6));

    String file = model.file().orElseThrow();
    List<Forecast> forecasts = Forecasting.of(file).data(folder + "/sales.csv").from(day(50)).run();
    assertThat(forecasts).extracting(Forecast::series).containsExactlyElementsOf(SHOPS);
    for (int shop = 0; shop < 2; shop++) {
      double[] expected = byHand(network, shop, 50 - WINDOW);
      Forecast forecast = forecasts.get(shop);
      assertThat(forecast.times()).containsExactly(day(50), day(51));
      for (int step = 0; step < HORIZON; step++) {
        assertThat(forecast.values()[step][0]).isCloseTo(expected[step], within(0.05));
        assertThat(forecast.truth()[step][0]).isEqualTo(data[shop][50 + step][0]);
      }
    }

    EvaluationResult alone =
        Evaluation.of(file)
            .data(
                "{series: {path: %s/sales.csv, time: day, from: %s}}".formatted(folder, day(UNTIL)))
            .master("local[1]")
            .run();
    assertThat(alone.metric("mase")).isCloseTo(test.metric("mase"), within(1e-6));

    TrainedModel onSpark = Training.of(plan("spark").build()).run();
    assertThat(onSpark.test().orElseThrow().toJson()).isEqualTo(test.toJson());
  }

  @Test
  void differencesFromTheNaiveForecastAreAddedToItAgain() throws IOException {
    TrainedModel model = Training.of(plan("inProcess", true).build()).run();
    double absolute = 0;
    int count = 0;
    for (int row = UNTIL; row + HORIZON <= ROWS; row++) {
      for (Forecast forecast :
          Forecasting.of(model.directory()).data(folder + "/sales.csv").from(day(row)).run()) {
        for (int step = 0; step < HORIZON; step++) {
          absolute += Math.abs(forecast.values()[step][0] - forecast.truth()[step][0]);
          assertThat(forecast.values()[step][0]).isBetween(300.0, 2500.0);
          count++;
        }
      }
    }
    EvaluationResult test = model.test().orElseThrow();
    assertThat(test.metric("mae")).isCloseTo(absolute / count, within(0.01));
    assertThat(test.metric("naiveMae")).isGreaterThan(50);
  }

  @Test
  void whatIsKnownOfTheFutureComesWithTheData() throws IOException {
    TrainedModel model = Training.of(plan("inProcess").epochs(1).build()).run();
    var forecasting = Forecasting.of(model.directory()).data(folder + "/sales.csv");
    assertThatThrownBy(forecasting::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the model needs price for the 2 steps that it foretells");
    var text = new StringBuilder(Files.readString(folder.resolve("sales.csv")));
    for (int row = ROWS; row < ROWS + HORIZON; row++) {
      text.append("south,").append(day(row)).append(",,12\n");
    }
    String south =
        "shop,day,sales,price\n" + text.substring(text.indexOf("south")); // north has no future
    Files.writeString(folder.resolve("future.csv"), south);
    List<Forecast> forecasts = Forecasting.of(model.directory()).data(folder + "/future.csv").run();
    assertThat(forecasts).hasSize(1);
    assertThat(forecasts.get(0).times()).containsExactly(day(ROWS), day(ROWS + 1));
    assertThat(forecasts.get(0).truth()[0][0]).isNaN();
  }

  @Test
  void windowsThatOverlapAreNotHeldOutAtRandom() {
    assertThatThrownBy(
            () -> Training.of(plan("inProcess").set("data.holdOut", "random").build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("data.holdOut: random would hold out windows that overlap");
  }
}
