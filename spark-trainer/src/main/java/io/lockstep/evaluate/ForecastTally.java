package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sums of errors of a forecast and of the naive forecast beside it, per column, and of both in
 * units of the scale of their series: R. J. Hyndman, A. B. Koehler, "Another look at measures of
 * forecast accuracy", International Journal of Forecasting 22, 2006. Where a series has no scale,
 * since it is constant or unknown to the training part, its scaled errors are left out.
 *
 * <p>Byte layout: the {@link RegressionTally} of the forecast, that of the naive one, sums of
 * scaled errors of both and the weight of the values that have a scale (3 doubles).
 */
final class ForecastTally implements Tally {
  private final int width;
  private final RegressionTally forecast;
  private final RegressionTally naive;
  private double scaled;
  private double naiveScaled;
  private double values;

  ForecastTally(int width) {
    this.width = width;
    forecast = new RegressionTally(width);
    naive = new RegressionTally(width);
  }

  @Override
  public void add(float[] outputs, float[] labels, float[] weights, int rows) {
    throw new IllegalArgumentException("a forecast is measured beside a naive one");
  }

  @Override
  public void add(
      float[] outputs, float[] labels, List<float[]> references, float[] weights, int rows) {
    if (references.size() > 2) { // what outputs and labels are to be added to
      float[] base = references.get(2);
      List<float[]> others = references.subList(0, 2);
      add(sums(outputs, base, rows), sums(labels, base, rows), others, weights, rows);
      return;
    }
    float[] naiveOutputs = references.get(0);
    float[] scales = references.get(1);
    forecast.add(outputs, labels, weights, rows);
    naive.add(naiveOutputs, labels, weights, rows);
    for (int i = 0; i < rows * width; i++) {
      double scale = scales[i];
      if (scale > 0) { // not NaN either
        double weight = weights == null ? 1 : weights[i / width];
        scaled += weight * Math.abs((double) outputs[i] - labels[i]) / scale;
        naiveScaled += weight * Math.abs((double) naiveOutputs[i] - labels[i]) / scale;
        values += weight;
      }
    }
  }

  private float[] sums(float[] values, float[] base, int rows) {
    float[] sums = new float[rows * width];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = values[i] + base[i];
    }
    return sums;
  }

  @Override
  public void merge(Tally other) {
    var that = (ForecastTally) other;
    forecast.merge(that.forecast);
    naive.merge(that.naive);
    scaled += that.scaled;
    naiveScaled += that.naiveScaled;
    values += that.values;
  }

  @Override
  public long encodedBytes() {
    return forecast.encodedBytes() + naive.encodedBytes() + 3 * Double.BYTES;
  }

  @Override
  public void write(ByteBuffer out) {
    forecast.write(out);
    naive.write(out);
    out.putDouble(scaled).putDouble(naiveScaled).putDouble(values);
  }

  @Override
  public void read(ByteBuffer in) {
    forecast.read(in);
    naive.read(in);
    scaled = in.getDouble();
    naiveScaled = in.getDouble();
    values = in.getDouble();
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    naive.report(result, names);
    double mae = result.value(Metric.MAE);
    double rmse = result.value(Metric.RMSE);
    forecast.report(result, names);
    result.set(Metric.MASE, scaled / values);
    result.set(Metric.NAIVE_MAE, mae);
    result.set(Metric.NAIVE_RMSE, rmse);
    result.set(Metric.NAIVE_MASE, naiveScaled / values);
  }
}
