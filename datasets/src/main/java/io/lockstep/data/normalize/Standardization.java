package io.lockstep.data.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Gives every feature mean 0 and standard deviation 1 over the examples it was fitted on.
 *
 * <p>A feature that is constant there becomes 0 (its deviation counts as 1), so it can neither
 * divide by zero nor blow up. Immutable.
 */
public final class Standardization implements Normalizer {
  private static final long serialVersionUID = 1L;
  static final String KIND = "standardize";

  private final double[] mean;
  private final double[] deviation;

  private Standardization(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  /** The same for examples that are {@code times} rows of its features, one after the other. */
  public Standardization tiled(int times) {
    double[] means = new double[mean.length * times];
    double[] deviations = new double[mean.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(mean, 0, means, i * mean.length, mean.length);
      System.arraycopy(deviation, 0, deviations, i * mean.length, mean.length);
    }
    return new Standardization(means, deviations);
  }

  /** Mean per feature, {@code [width]}. */
  public double[] mean() {
    return mean.clone();
  }

  /** Population standard deviation per feature, 1 where the feature is constant. */
  public double[] deviation() {
    return deviation.clone();
  }

  private void checkWidth(int width) {
    if (width != mean.length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Examples have %,d features, but the normaliser was fitted on %,d. Use the data the"
                  + " model was trained for.",
              width,
              mean.length));
    }
  }

  @Override
  public void apply(float[] values, int offset, int count, int width) {
    checkWidth(width);
    int at = offset;
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < width; i++, at++) {
        values[at] = (float) ((values[at] - mean[i]) / deviation[i]);
      }
    }
  }

  @Override
  public void apply(Values values, int from, float[] to, int at, int count) {
    checkWidth(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) ((values.at(from + i) - mean[i]) / deviation[i]);
    }
  }

  /**
   * Turns standardised values back.
   *
   * @param values {@code [rows, width]}; longer arrays are allowed
   */
  public void revert(float[] values, int rows) {
    for (int at = 0; at < rows * mean.length; at++) {
      int i = at % mean.length;
      values[at] = (float) (values[at] * deviation[i] + mean[i]);
    }
  }

  @Override
  public Optional<Integer> features() {
    return Optional.of(mean.length);
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("kind", KIND).put("version", VERSION);
    ArrayNode means = json.putArray("mean");
    ArrayNode deviations = json.putArray("deviation");
    for (int i = 0; i < mean.length; i++) {
      means.add(mean[i]);
      deviations.add(deviation[i]);
    }
    return json;
  }

  static Standardization parse(JsonNode json) {
    double[] mean = numbers(json, "mean");
    double[] deviation = numbers(json, "deviation");
    if (mean.length == 0 || mean.length != deviation.length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Normaliser has %,d means and %,d deviations: the file is damaged or from elsewhere.",
              mean.length,
              deviation.length));
    }
    for (double value : deviation) {
      if (!(value > 0)) {
        throw new InputException(
            "Normaliser has the deviation "
                + value
                + ", which must be above 0: the file is damaged or from elsewhere.");
      }
    }
    return new Standardization(mean, deviation);
  }

  private static double[] numbers(JsonNode json, String field) {
    JsonNode array = json.path(field);
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode value = array.get(i);
      if (value == null || !value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw new InputException(
            "Normaliser field '" + field + "' holds " + value + ", which is not a finite number.");
      }
      numbers[i] = value.doubleValue();
    }
    return numbers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Standardization that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(deviation, that.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  @Override
  public String toString() {
    return "Standardization[" + mean.length + " features]";
  }

  /**
   * Collects what a standardisation needs, block by block.
   *
   * <p>Each block is reduced on its own and merged by the formula of Chan, Golub and LeVeque
   * ("Updating formulae and a pairwise algorithm for computing sample variances", 1979), in double
   * throughout. Floating point makes the result depend on how examples are cut into blocks and in
   * which order they are merged: one block per replica, merged in replica order, gives the same
   * bits on every cluster. Not thread-safe.
   */
  public static final class Fit {
    private final double[] mean;
    private final double[] squares;
    private long count;

    /**
     * @param width values of one example
     */
    public Fit(int width) {
      mean = new double[width];
      squares = new double[width];
    }

    /** Adds one example, or each time step of it, of a column of a block. */
    public void add(Block block, int column, int row) {
      add(block, column, row, 1);
    }

    /**
     * Adds one example, or each time step of it, of a column of a block.
     *
     * @param times rows of features that an example, or a time step, consists of
     */
    public void add(Block block, int column, int row, int times) {
      Values values = block.values(column);
      int from = block.from(column, row);
      for (int step = 0; step < block.steps(column, row) * times; step++) {
        count++;
        for (int i = 0; i < mean.length; i++) {
          double value = values.at(from + step * mean.length + i);
          double delta = value - mean[i];
          mean[i] += delta / count;
          squares[i] += delta * (value - mean[i]);
        }
      }
    }

    /** Adds what {@code later} collected; the order of merging decides the last bits. */
    public void merge(Fit later) {
      if (later.mean.length != mean.length) {
        throw new IllegalArgumentException(
            "fits of " + later.mean.length + " and " + mean.length + " features");
      }
      if (later.count == 0) {
        return;
      }
      double total = (double) count + later.count;
      for (int i = 0; i < mean.length; i++) {
        double delta = later.mean[i] - mean[i];
        mean[i] += delta * (later.count / total);
        squares[i] += later.squares[i] + delta * delta * (count * (later.count / total));
      }
      count += later.count;
    }

    /** Number of examples added. */
    public long count() {
      return count;
    }

    /**
     * Returns the standardisation of all examples added.
     *
     * @throws InputException if none was added, or a feature is not finite
     */
    public Standardization finish() {
      if (count == 0) {
        throw new InputException(
            "Nothing to fit the standardisation on: the training split is empty.");
      }
      double[] deviation = new double[mean.length];
      for (int i = 0; i < mean.length; i++) {
        if (!Double.isFinite(mean[i]) || !Double.isFinite(squares[i])) {
          throw new InputException(
              "Feature "
                  + i
                  + " (counted from 0) holds NaN or infinite values; it cannot be"
                  + " standardised. Clean the column or leave it out.");
        }
        double spread = Math.sqrt(squares[i] / count);
        deviation[i] = isConstant(spread, mean[i]) ? 1 : spread;
      }
      return new Standardization(mean.clone(), deviation);
    }

    /** Whether the spread is no more than what rounding leaves of a constant. */
    private static boolean isConstant(double spread, double mean) {
      return spread <= 1e-12 * Math.abs(mean) || spread == 0;
    }

    /** Writes the state, {@code 2 width + 1} numbers of 8 bytes after the width. */
    public void writeTo(DataOutput out) throws IOException {
      out.writeInt(mean.length);
      out.writeLong(count);
      for (int i = 0; i < mean.length; i++) {
        out.writeDouble(mean[i]);
        out.writeDouble(squares[i]);
      }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @param width that is expected; checked before anything is allocated
     */
    public static Fit readFrom(DataInput in, int width) throws IOException {
      int written = in.readInt();
      if (written != width) {
        throw new IOException("fit of " + written + " features, expected " + width);
      }
      Fit fit = new Fit(width);
      fit.count = in.readLong();
      for (int i = 0; i < width; i++) {
        fit.mean[i] = in.readDouble();
        fit.squares[i] = in.readDouble();
      }
      return fit;
    }
  }
}
