package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums of errors per column, each example counted by its weight.
 *
 * <p>The variance of labels, which R2 needs, is kept as mean and sum of squared deviations and
 * merged by Chan, Golub and LeVeque (1979): a difference of two large sums would lose it.
 *
 * <p>Byte layout: weight of the examples (double), then absolute errors, squared errors, mean of
 * labels and squared deviations of labels, each width doubles.
 */
final class RegressionTally implements Tally {
  private final int width;
  private final double[] absolute;
  private final double[] squared;
  private final double[] mean;
  private final double[] deviations;
  private double total;

  RegressionTally(int width) {
    this.width = width;
    absolute = new double[width];
    squared = new double[width];
    mean = new double[width];
    deviations = new double[width];
  }

  @Override
  public void add(float[] outputs, float[] labels, float[] weights, int rows) {
    for (int row = 0; row < rows; row++) {
      double weight = weights == null ? 1 : weights[row];
      if (weight == 0) {
        continue;
      }
      total += weight;
      for (int column = 0; column < width; column++) {
        double label = labels[row * width + column];
        double error = outputs[row * width + column] - label;
        absolute[column] += weight * Math.abs(error);
        squared[column] += weight * error * error;
        double away = label - mean[column];
        mean[column] += away * weight / total;
        deviations[column] += away * (label - mean[column]) * weight;
      }
    }
  }

  @Override
  public void merge(Tally other) {
    var that = (RegressionTally) other;
    if (that.total == 0) {
      return;
    }
    double both = total + that.total;
    for (int column = 0; column < width; column++) {
      double apart = that.mean[column] - mean[column];
      absolute[column] += that.absolute[column];
      squared[column] += that.squared[column];
      mean[column] += apart * (that.total / both);
      deviations[column] += that.deviations[column] + apart * apart * total * (that.total / both);
    }
    total = both;
  }

  @Override
  public long encodedBytes() {
    return Double.BYTES + 4L * width * Double.BYTES;
  }

  @Override
  public void write(ByteBuffer out) {
    out.putDouble(total);
    for (double[] sums : List.of(absolute, squared, mean, deviations)) {
      for (double sum : sums) {
        out.putDouble(sum);
      }
    }
  }

  @Override
  public void read(ByteBuffer in) {
    total = in.getDouble();
    for (double[] sums : List.of(absolute, squared, mean, deviations)) {
      for (int i = 0; i < width; i++) {
        sums[i] = in.getDouble();
      }
    }
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    var mse = new Mean();
    var mae = new Mean();
    var rmse = new Mean();
    var r2 = new Mean();
    var columns = new ArrayList<ColumnScores>();
    for (int c = 0; c < width; c++) {
      double meanSquare = squared[c] / total;
      var column =
          new ColumnScores(
              names.get(c),
              meanSquare,
              absolute[c] / total,
              Math.sqrt(meanSquare),
              deviations[c] > 0 ? 1 - squared[c] / deviations[c] : Double.NaN);
      columns.add(column);
      mse.add(column.mse());
      mae.add(column.mae());
      rmse.add(column.rmse());
      r2.add(column.r2());
    }
    result.columns(columns);
    result.set(Metric.MSE, mse.value());
    result.set(Metric.MAE, mae.value());
    result.set(Metric.RMSE, rmse.value());
    result.set(Metric.R2, r2.value());
  }
}
