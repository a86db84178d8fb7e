package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Values;
import io.lockstep.data.series.SeriesLayout;
import java.util.List;

/** A trained network that foretells series, in the units of the data. Not thread-safe. */
public final class ForecastModel implements AutoCloseable {
  private final ModelFile file;
  private final SeriesLayout series;
  private final Replica replica;

  /**
   * The forecasting model in a file.
   *
   * @throws InputException if there is none in it
   */
  public ForecastModel(ModelFile file) {
    this.file = file;
    this.series =
        file.card()
            .series()
            .orElseThrow(
                () ->
                    new InputException(
                        "the model does not foretell series. Train one on a source of series"));
    replica = file.networks().create();
    replica.load(file.state());
  }

  /** How series become what the network is given. */
  public SeriesLayout series() {
    return series;
  }

  /**
   * A forecast.
   *
   * @param inputs of one example, {@code [steps * width]}, as the data has them
   * @param past values of the targets in the window, {@code [window][targets]}
   * @return {@code [horizon][targets]}
   */
  public double[][] of(double[] inputs, double[][] past) {
    int steps = series.options().steps();
    int width = series.options().width();
    float[] given = new float[inputs.length];
    file.card()
        .preparation()
        .normalizer()
        .apply(new Values.Doubles(inputs), 0, given, 0, inputs.length);
    var tensor =
        new Tensor(
            Field.of("features", ElementType.FLOAT32, steps, width),
            new int[] {1, steps, width},
            given,
            null,
            null);
    float[] outputs = replica.output(new Minibatch(1, List.of(tensor), List.of(), null));
    file.card().preparation().targets().ifPresent(standardized -> standardized.revert(outputs, 1));
    int targets = series.options().targets().size();
    double[][] forecast = new double[series.options().horizon()][targets];
    for (int i = 0; i < forecast.length * targets; i++) {
      int step = i / targets;
      int target = i % targets;
      boolean difference = series.options().difference();
      double base = difference ? past[series.options().naive(step)][target] : 0;
      forecast[step][target] = base + outputs[i];
    }
    return forecast;
  }

  @Override
  public void close() {
    replica.close();
  }
}
