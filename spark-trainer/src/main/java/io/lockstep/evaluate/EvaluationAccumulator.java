package io.lockstep.evaluate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts and sums of an evaluation in progress: what a task returns and the driver merges.
 *
 * <p>Counts, and with them accuracy, precision, recall, F1, top-k and the areas under curves, do
 * not depend on how examples were distributed or in which order parts are merged. Loss and the
 * regression metrics are sums of doubles: merge the parts in a fixed order for the same bits.
 *
 * <p>Memory: constant; tasks with a ROC curve (two classes, or one yes-no column) keep up to a
 * million scores, and count more of them in bins.
 *
 * <p>Byte layout, little-endian: magic {@code LKEV}, version (int), task code (int), width (int),
 * topK (int), examples (long), sum of losses and of their weights (double), then the tally of the
 * task to the end.
 *
 * <p>Not thread-safe.
 */
public final class EvaluationAccumulator {
  private static final int MAGIC = 0x56454B4C; // "LKEV" in file order
  private static final int VERSION = 2;
  private static final int HEADER_BYTES = 5 * Integer.BYTES + Long.BYTES + 2 * Double.BYTES;

  private final EvaluationSpec spec;
  private final Tally tally;
  private long examples;
  private double lossSum;
  private double lossWeight;

  public EvaluationAccumulator(EvaluationSpec spec) {
    this.spec = spec;
    this.tally = Tally.of(spec);
  }

  /** What is measured. */
  public EvaluationSpec spec() {
    return spec;
  }

  /** Examples added or merged so far. */
  public long examples() {
    return examples;
  }

  /**
   * Adds the outputs of one forward pass.
   *
   * @param outputs of the network, {@code [rows, width]} row-major; longer arrays are allowed
   * @param labels one-hot classes, yes-no values or numbers, as {@code outputs}
   * @param rows examples in both, at least 1
   * @param loss mean over the rows
   * @throws ArithmeticException if an output is not a number; nothing was added then
   */
  public void add(float[] outputs, float[] labels, int rows, double loss) {
    add(outputs, labels, rows, loss, rows);
  }

  /**
   * Adds the outputs of one forward pass whose loss is a mean over something else than its rows,
   * such as sequences where the rows are their time steps.
   *
   * @param weight what the loss was averaged over, above 0
   * @throws ArithmeticException if an output is not a number; nothing was added then
   */
  public void add(float[] outputs, float[] labels, int rows, double loss, double weight) {
    int width = spec.width();
    long values = (long) rows * width;
    if (rows < 1 || values > outputs.length || values > labels.length) {
      throw new IllegalArgumentException(
          "Expected outputs and labels of shape [%d, %d], got %d and %d values"
              .formatted(rows, width, outputs.length, labels.length));
    }
    for (int i = 0; i < values; i++) {
      if (Float.isNaN(outputs[i])) {
        throw new ArithmeticException(
            "The network's output is not a number (NaN) in row %d, column %d: it has diverged"
                .formatted(i / width, i % width));
      }
    }
    tally.add(outputs, labels, rows);
    examples += rows;
    lossSum += loss * weight;
    lossWeight += weight;
  }

  /** Adds all that {@code other} has seen; both measure the same. */
  public void merge(EvaluationAccumulator other) {
    if (!spec.equals(other.spec)) {
      throw new IllegalArgumentException("Cannot merge %s into %s".formatted(other.spec, spec));
    }
    tally.merge(other.tally);
    examples += other.examples;
    lossSum += other.lossSum;
    lossWeight += other.lossWeight;
  }

  /** The metrics of what has been seen, classes and columns called by their numbers. */
  public EvaluationResult result() {
    return result(List.of());
  }

  /**
   * The metrics of what has been seen; NaN where no example has been.
   *
   * @param names of classes or columns; if their number does not fit, numbers are used
   */
  public EvaluationResult result(List<String> names) {
    var result = new EvaluationResult.Builder(spec, examples);
    result.set(Metric.LOSS, lossSum / lossWeight);
    int expected = spec.task() == Task.BINARY && spec.width() == 1 ? 2 : spec.width();
    tally.report(result, names.size() == expected ? names : numbers(expected));
    return result.build();
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /** The state as bytes; see the layout above. */
  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(HEADER_BYTES + tally.encodedBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION);
    out.putInt(spec.task().code).putInt(spec.width()).putInt(spec.topK());
    out.putLong(examples).putDouble(lossSum).putDouble(lossWeight);
    tally.write(out);
    return out.array();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not such a state, whole and of this version
   */
  public static EvaluationAccumulator decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int magic = in.getInt();
      int version = in.getInt();
      if (magic != MAGIC || version != VERSION) {
        throw new IllegalArgumentException(
            "Not an evaluation state of version %d: magic %08x, version %d"
                .formatted(VERSION, magic, version));
      }
      var spec = new EvaluationSpec(Task.ofCode(in.getInt()), in.getInt(), in.getInt());
      // But of tokens, the smallest tally has 3 longs for each value: checked before allocation.
      if (spec.task() != Task.LANGUAGE_MODEL
          && (long) spec.width() * 3 * Long.BYTES > bytes.length) {
        throw new IllegalArgumentException(
            "Evaluation state of %d bytes cannot be of width %d"
                .formatted(bytes.length, spec.width()));
      }
      var state = new EvaluationAccumulator(spec);
      state.examples = in.getLong();
      state.lossSum = in.getDouble();
      state.lossWeight = in.getDouble();
      state.tally.read(in);
      if (in.hasRemaining()) {
        throw new IllegalArgumentException(
            "Evaluation state has %d bytes too many".formatted(in.remaining()));
      }
      return state;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "Evaluation state of %d bytes is cut short".formatted(bytes.length), e);
    }
  }
}
