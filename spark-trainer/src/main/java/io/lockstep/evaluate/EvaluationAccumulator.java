package io.lockstep.evaluate;

import io.lockstep.data.Labels;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Counts and sums of an evaluation in progress: what a task returns and the driver merges.
 *
 * <p>Counts, and with them accuracy, precision, recall, F1, top-k and the areas under curves, do
 * not depend on how examples were distributed or in which order parts are merged. Loss, the
 * regression metrics, and counts of examples whose weights are no whole numbers, are sums of
 * doubles: merge the parts in a fixed order for the same bits.
 *
 * <p>Memory: constant; tasks with a ROC curve (two classes, or one yes-no column) keep up to a
 * million scores, and count more of them in bins.
 *
 * <p>Byte layout, little-endian: magic {@code LKEV}, version (int), task code (int), width (int),
 * topK (int), threshold (float), of several outputs what is measured of each (name with its length,
 * task code, width, topK, threshold), examples (long), sum of losses and of their weights (double),
 * then the tally of the task to the end.
 *
 * <p>Not thread-safe.
 */
public final class EvaluationAccumulator {
  private static final int MAGIC = 0x56454B4C; // "LKEV" in file order
  private static final int VERSION = 3;
  private static final int HEADER_BYTES =
      5 * Integer.BYTES + Float.BYTES + Long.BYTES + 2 * Double.BYTES;

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
    add(new Seen(outputs, labels, null, rows, loss), List.of(), weight);
  }

  /**
   * Adds the outputs of one forward pass of a network with one.
   *
   * @param seen of it
   * @param references each {@code [rows, width]}: of forecasts the naive one, and the scales of
   *     errors; else empty
   * @param weight what the loss was averaged over, above 0
   * @throws ArithmeticException if an output is not a number; nothing was added then
   */
  public void add(Seen seen, List<float[]> references, double weight) {
    check(seen.outputs(), seen.labels(), seen.rows());
    tally.add(seen.outputs(), seen.labels(), references, seen.weights(), seen.rows());
    count(seen.rows(), seen.loss(), weight);
  }

  private void count(int rows, double loss, double weight) {
    examples += rows;
    lossSum += loss * weight;
    lossWeight += weight;
  }

  /**
   * What an output put out in a forward pass.
   *
   * @param outputs {@code [rows, width]} row-major; longer arrays are allowed
   * @param labels as {@code outputs}
   * @param weights by which rows count in all metrics but the loss, {@code [rows]}; null if each
   *     counts 1
   * @param rows examples, or time steps, in both
   * @param loss of this output, a mean over the examples; NaN if it is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // values on their way; compared by nobody
  public record Seen(float[] outputs, float[] labels, float[] weights, int rows, double loss) {}

  /**
   * Adds the outputs of one forward pass of a network with several.
   *
   * @param seen of each output
   * @param examples of the forward pass
   * @param loss of all outputs together, a mean over the examples
   * @throws ArithmeticException if an output is not a number; nothing was added then
   */
  public void add(List<Seen> seen, int examples, double loss) {
    var several = (SeveralTally) tally;
    for (int i = 0; i < seen.size(); i++) {
      Seen it = seen.get(i);
      several.output(i).check(it.outputs(), it.labels(), it.rows());
    }
    for (int i = 0; i < seen.size(); i++) {
      Seen it = seen.get(i);
      several.output(i).add(it, List.of(), examples);
    }
    count(examples, loss, examples);
  }

  private void check(float[] outputs, float[] labels, int rows) {
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

  /** The metrics of what has been seen, with the names that {@code labels} has for its parts. */
  public EvaluationResult result(Labels labels) {
    if (!(tally instanceof SeveralTally several)) {
      return result(labels.names());
    }
    var result = new EvaluationResult.Builder(spec, examples);
    result.set(Metric.LOSS, lossSum / lossWeight);
    for (int i = 0; i < spec.outputs().size(); i++) {
      result.output(
          spec.outputs().get(i).name(), several.output(i).result(labels.each().get(i).names()));
    }
    return result.build();
  }

  /**
   * The threshold at which {@code goal} is best for what has been seen; empty if there is none,
   * since all examples are of one kind or weigh nothing.
   *
   * @throws IllegalStateException if there is no output for yes alone
   */
  public Optional<Threshold> best(Threshold.Goal goal) {
    if (tally.yesNo() == null) {
      throw new IllegalStateException("no threshold for " + spec);
    }
    return tally.yesNo().best(goal);
  }

  /** Bytes that {@link #encode} makes. */
  long encodedBytes() {
    return HEADER_BYTES + outputsBytes(spec) + tally.encodedBytes();
  }

  private static int outputsBytes(EvaluationSpec spec) {
    return spec.outputs().stream()
        .mapToInt(
            it ->
                4 * Integer.BYTES + Float.BYTES + it.name().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /** The state as bytes; see the layout above. */
  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(encodedBytes())).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION);
    out.putInt(spec.task().code).putInt(spec.width()).putInt(spec.topK());
    out.putFloat(spec.threshold());
    for (EvaluationSpec.Output output : spec.outputs()) {
      byte[] name = output.name().getBytes(StandardCharsets.UTF_8);
      out.putInt(name.length).put(name);
      EvaluationSpec own = output.spec();
      out.putInt(own.task().code).putInt(own.width()).putInt(own.topK());
      out.putFloat(own.threshold());
    }
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
      EvaluationSpec spec = spec(in);
      for (EvaluationSpec each : spec.each()) {
        // But of tokens, the smallest tally has 3 longs for each value: checked before allocation.
        if (each.task() != Task.LANGUAGE_MODEL
            && (long) each.width() * 3 * Long.BYTES > bytes.length) {
          throw new IllegalArgumentException(
              "Evaluation state of %d bytes cannot be of width %d"
                  .formatted(bytes.length, each.width()));
        }
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

  private static EvaluationSpec spec(ByteBuffer in) {
    Task task = Task.ofCode(in.getInt());
    int width = in.getInt();
    int topK = in.getInt();
    float threshold = in.getFloat();
    if (task != Task.SEVERAL) {
      return new EvaluationSpec(task, width, topK, threshold, List.of());
    }
    List<EvaluationSpec.Output> outputs = new ArrayList<>();
    for (int output = 0; output < width; output++) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("a name of %d bytes".formatted(length));
      }
      byte[] name = new byte[length];
      in.get(name);
      outputs.add(new EvaluationSpec.Output(new String(name, StandardCharsets.UTF_8), spec(in)));
    }
    return EvaluationSpec.of(outputs);
  }
}
