package io.lockstep.data.block;

import java.util.Arrays;
import java.util.List;

/**
 * Collects examples, one after the other, into a block.
 *
 * <p>For each example: {@link #begin}, then the values of each column by {@code put}, then {@link
 * #end}, which checks that every column got as many values as its field has. Not thread-safe.
 */
public final class BlockBuilder {
  private final Schema schema;
  private final int[] widths;
  private final Values[] values;
  private final int[] filled;
  private final int[][] offsets;
  private long[] ids;
  private float[] weights;
  private String[] keys;
  private int size;

  /**
   * @param expected number of examples; more are possible
   */
  public BlockBuilder(Schema schema, int expected) {
    this.schema = schema;
    List<Field> fields = schema.fields();
    int room = Math.max(expected, 1);
    widths = fields.stream().mapToInt(Field::width).toArray();
    values = new Values[fields.size()];
    filled = new int[fields.size()];
    offsets = new int[fields.size()][];
    ids = new long[room];
    weights = schema.weighted() ? new float[room] : null;
    keys = schema.keyed() ? new String[room] : null;
    for (int column = 0; column < values.length; column++) {
      Field field = fields.get(column);
      long length = Math.min((long) room * widths[column], Integer.MAX_VALUE - 8);
      values[column] = Values.zeros(field.type(), (int) length);
      offsets[column] = field.sequence() ? new int[room + 1] : null;
    }
  }

  /** Number of examples so far. */
  public int size() {
    return size;
  }

  /** Bytes of the values so far. */
  public long bytes() {
    long bytes = (long) size * Long.BYTES;
    for (int column = 0; column < values.length; column++) {
      bytes += (long) filled[column] * values[column].type().bytes();
    }
    return bytes;
  }

  /** Begins an example of weight 1 without a key. */
  public void begin(long id) {
    if (size == ids.length) {
      int room = Math.addExact(size, Math.max(16, size / 2));
      ids = Arrays.copyOf(ids, room);
      weights = weights == null ? null : Arrays.copyOf(weights, room);
      keys = keys == null ? null : Arrays.copyOf(keys, room);
      for (int column = 0; column < offsets.length; column++) {
        offsets[column] = offsets[column] == null ? null : Arrays.copyOf(offsets[column], room + 1);
      }
    }
    ids[size] = id;
    if (weights != null) {
      weights[size] = 1f;
    }
    if (keys != null) {
      keys[size] = "";
    }
  }

  /** Sets the weight of the example that was begun. */
  public void weight(float weight) {
    weights[size] = weight;
  }

  /** Sets the user's key of the example that was begun. */
  public void key(String key) {
    keys[size] = key;
  }

  /** Adds a number to a column of FLOAT32 or FLOAT64. */
  public void put(int column, double value) {
    Values target = room(column, 1);
    if (target instanceof Values.Doubles doubles) {
      doubles.array()[filled[column]++] = value;
    } else {
      ((Values.Floats) target).array()[filled[column]++] = (float) value;
    }
  }

  /** Adds an id to a column of INT32. */
  public void put(int column, int value) {
    ((Values.Ints) room(column, 1)).array()[filled[column]++] = value;
  }

  /** Adds bytes to a column of UINT8. */
  public void put(int column, byte[] from, int offset, int count) {
    byte[] target = ((Values.Bytes) room(column, count)).array();
    System.arraycopy(from, offset, target, filled[column], count);
    filled[column] += count;
  }

  /** Adds floats to a column of FLOAT32. */
  public void put(int column, float[] from, int offset, int count) {
    float[] target = ((Values.Floats) room(column, count)).array();
    System.arraycopy(from, offset, target, filled[column], count);
    filled[column] += count;
  }

  /** Adds ids to a column of INT32. */
  public void put(int column, int[] from, int offset, int count) {
    int[] target = ((Values.Ints) room(column, count)).array();
    System.arraycopy(from, offset, target, filled[column], count);
    filled[column] += count;
  }

  private Values room(int column, int count) {
    long needed = (long) filled[column] + count;
    if (needed > values[column].length()) {
      if (needed > Integer.MAX_VALUE - 8) {
        throw new IllegalStateException("a block of more than 2^31 values");
      }
      long more = Math.max(needed, values[column].length() * 3L / 2);
      values[column] = values[column].resized((int) Math.min(more, Integer.MAX_VALUE - 8));
    }
    return values[column];
  }

  /** Time steps of the example so far, in a column of sequences. */
  public int steps(int column) {
    return filled[column] / widths[column] - offsets[column][size];
  }

  /**
   * Takes back those time steps of the example in a sequence of FLOAT64 whose values are all {@code
   * value}, as 32-bit numbers; the others keep their order.
   *
   * @return number of steps that are left
   */
  public int leaveOut(int column, double value) {
    double[] array = ((Values.Doubles) values[column]).array();
    int width = widths[column];
    int begin = offsets[column][size] * width;
    int to = begin;
    for (int from = begin; from < filled[column]; from += width) {
      boolean there = false;
      for (int i = from; i < from + width; i++) {
        there |= (float) array[i] != (float) value;
      }
      if (there) {
        System.arraycopy(array, from, array, to, width);
        to += width;
      }
    }
    filled[column] = to;
    return (to - begin) / width;
  }

  /**
   * Ends the example.
   *
   * @throws IllegalArgumentException if a column got another number of values than its field has
   */
  public void end() {
    for (int column = 0; column < values.length; column++) {
      if (offsets[column] != null) {
        if (filled[column] % widths[column] != 0) {
          throw wrong(column);
        }
        offsets[column][size + 1] = filled[column] / widths[column];
      } else if (filled[column] != (size + 1L) * widths[column]) {
        throw wrong(column);
      }
    }
    size++;
  }

  private IllegalArgumentException wrong(int column) {
    return new IllegalArgumentException(
        "example %d has %d values up to it in %s"
            .formatted(size, filled[column], schema.fields().get(column)));
  }

  /** Adds one example of a block with the same fields. */
  public void add(Block block, int row) {
    begin(block.id(row));
    for (int column = 0; column < values.length; column++) {
      int from = block.from(column, row);
      int count = block.steps(column, row) * widths[column];
      room(column, count);
      block.values(column).copyTo(from, values[column], filled[column], count);
      filled[column] += count;
    }
    if (weights != null) {
      weights[size] = block.weight(row);
    }
    if (keys != null) {
      keys[size] = block.key(row);
    }
    end();
  }

  /** Adds all examples of a block with the same fields. */
  void addAll(Block block) {
    for (int row = 0; row < block.size(); row++) {
      add(block, row);
    }
  }

  /** The block of all examples so far; the builder is used up. */
  public Block build() {
    for (int column = 0; column < values.length; column++) {
      if (values[column].length() != filled[column]) {
        values[column] = values[column].resized(filled[column]);
      }
      if (offsets[column] != null && offsets[column].length != size + 1) {
        offsets[column] = Arrays.copyOf(offsets[column], size + 1);
      }
    }
    return new Block(
        schema,
        ids.length == size ? ids : Arrays.copyOf(ids, size),
        values,
        offsets,
        weights == null ? null : Arrays.copyOf(weights, size),
        keys == null ? null : Arrays.copyOf(keys, size));
  }
}
