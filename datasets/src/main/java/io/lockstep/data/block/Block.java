package io.lockstep.data.block;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A bounded run of examples in columns of primitives: ids, fields, and weights and keys if there
 * are any. A shard of data is a list of blocks.
 *
 * <p>A column is fixed (each example has as many values) or ragged: then its offsets say, in time
 * steps, where each example begins. Immutable by agreement, so safe for any number of threads.
 *
 * <p>Written form, big-endian, version 2; the same under every serializer:
 *
 * <pre>
 * int   0x4C534232 ("LSB2")
 * schema: byte flags (1 weighted, 2 keyed, 4 with references), short inputs, short labels, short
 *         references if there are any; per field UTF name, byte type, boolean sequence, byte rank,
 *         rank x int
 * int   size: number of examples
 * size x long  ids
 * per column: if a sequence (size + 1) x int offsets; then its values
 * if weighted size x float; if keyed size x UTF
 * </pre>
 */
public final class Block implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int MAGIC = 0x4C534232;

  private transient Schema schema;
  private transient int[] widths; // of the fields: asked for with every row
  private transient long[] ids;
  private transient Values[] values;
  private transient int[][] offsets; // null for a column that is fixed
  private transient float[] weights; // null if not weighted
  private transient String[] keys; // null if not keyed

  /** For serializers only. */
  public Block() {}

  Block(
      Schema schema, long[] ids, Values[] values, int[][] offsets, float[] weights, String[] keys) {
    this.schema = schema;
    this.ids = ids;
    this.values = values;
    this.offsets = offsets;
    this.weights = weights;
    this.keys = keys;
    String problem = problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * A block of examples with fixed fields; the arrays are kept, not copied.
   *
   * @param ids of the examples, {@code [size]}
   * @param columns values of each field, {@code [size, ...shape]} row-major
   */
  public static Block of(Schema schema, long[] ids, Values... columns) {
    return new Block(schema, ids, columns, new int[columns.length][], null, null);
  }

  /** Returns what contradicts itself in this block, or null. */
  private String problem() {
    List<Field> fields = schema.fields();
    widths = fields.stream().mapToInt(Field::width).toArray();
    if (values.length != fields.size()) {
      return values.length + " columns for " + fields.size() + " fields";
    }
    for (int column = 0; column < values.length; column++) {
      Field field = fields.get(column);
      long wanted = size();
      if (field.sequence()) {
        int[] starts = offsets[column];
        if (starts.length != size() + 1 || starts[0] != 0) {
          return field.name() + " has " + starts.length + " offsets for " + size() + " examples";
        }
        for (int row = 0; row < size(); row++) {
          if (starts[row + 1] < starts[row]) {
            return field.name() + " has descending offsets";
          }
        }
        wanted = starts[size()];
      }
      if (values[column].type() != field.type()
          || wanted * field.width() != values[column].length()) {
        return String.format(
            Locale.ROOT,
            "%s needs %,d values, not %,d of type %s",
            field,
            wanted * field.width(),
            values[column].length(),
            values[column].type());
      }
    }
    return null;
  }

  /** What each example has. */
  public Schema schema() {
    return schema;
  }

  /** Number of examples. */
  public int size() {
    return ids.length;
  }

  /** The example's id: its position in its source. */
  public long id(int row) {
    return ids[row];
  }

  /** All values of a column. */
  public Values values(int column) {
    return values[column];
  }

  /** Where the values of {@code row} begin in those of {@code column}. */
  public int from(int column, int row) {
    return (offsets[column] == null ? row : offsets[column][row]) * widths[column];
  }

  /** Time steps of the longest of the inputs of {@code row} that are sequences, 0 without one. */
  public int length(int row) {
    int longest = 0;
    for (int column = 0; column < schema.firstLabel(); column++) {
      if (schema.fields().get(column).sequence()) {
        longest = Math.max(longest, steps(column, row));
      }
    }
    return longest;
  }

  /** Time steps of {@code row} in a column that is a sequence; 1 in one that is fixed. */
  public int steps(int column, int row) {
    return offsets[column] == null ? 1 : offsets[column][row + 1] - offsets[column][row];
  }

  /** Time steps of all examples in a column that is a sequence, the number of examples else. */
  public long steps(int column) {
    return offsets[column] == null ? size() : offsets[column][size()];
  }

  /** The example's weight, 1 if the schema has none. */
  public float weight(int row) {
    return weights == null ? 1f : weights[row];
  }

  /** The user's key of the example; only if the schema has one. */
  public String key(int row) {
    return keys[row];
  }

  /** Bytes that its arrays take. */
  public long bytes() {
    long bytes = (long) size() * (Long.BYTES + (weights == null ? 0 : Float.BYTES));
    for (int column = 0; column < values.length; column++) {
      bytes += (long) values[column].length() * values[column].type().bytes();
      bytes += offsets[column] == null ? 0 : (long) offsets[column].length * Integer.BYTES;
    }
    if (keys != null) {
      for (String key : keys) {
        bytes += 48L + key.length();
      }
    }
    return bytes;
  }

  /** The same examples with other ids. */
  public Block withIds(long[] others) {
    return new Block(schema, others, values, offsets, weights, keys);
  }

  /** The same examples with other values in the columns; offsets, weights and keys stay. */
  public Block withColumns(Schema other, Values... columns) {
    return new Block(other, ids, columns, offsets, weights, keys);
  }

  /** A copy of some rows, in this order. */
  public Block select(int[] rows) {
    var builder = new BlockBuilder(schema, rows.length);
    for (int row : rows) {
      builder.add(this, row);
    }
    return builder.build();
  }

  /** All examples of {@code blocks}, in this order, as one; they have the same schema. */
  public static Block concat(List<Block> blocks) {
    if (blocks.size() == 1) {
      return blocks.get(0);
    }
    int size = blocks.stream().mapToInt(Block::size).reduce(0, Math::addExact);
    var builder = new BlockBuilder(blocks.get(0).schema, size);
    for (Block block : blocks) {
      builder.addAll(block);
    }
    return builder.build();
  }

  int[] offsets(int column) {
    return offsets[column];
  }

  /** Writes the block in the form described above. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(MAGIC);
    schema.writeTo(out);
    out.writeInt(size());
    writeLongs(out);
    for (int column = 0; column < values.length; column++) {
      if (offsets[column] != null) {
        new Values.Ints(offsets[column]).writeTo(out);
      }
      values[column].writeTo(out);
    }
    if (weights != null) {
      new Values.Floats(weights).writeTo(out);
    }
    if (keys != null) {
      for (String key : keys) {
        out.writeUTF(key);
      }
    }
  }

  private void writeLongs(DataOutput out) throws IOException {
    for (long id : ids) {
      out.writeLong(id);
    }
  }

  /**
   * Reads a block that {@link #writeTo} wrote; sizes are checked before anything is allocated.
   *
   * @throws IOException if the bytes are not a block, or end too early
   */
  public static Block readFrom(DataInput in) throws IOException {
    var block = new Block();
    block.read(in);
    return block;
  }

  private void read(DataInput in) throws IOException {
    int magic = in.readInt();
    if (magic != MAGIC) {
      throw new IOException(
          String.format(
              Locale.ROOT, "not a block of examples of this version: begins with %08x", magic));
    }
    schema = Schema.readFrom(in);
    int size = in.readInt();
    if (size < 0) {
      throw new IOException("a block of " + size + " examples");
    }
    ids = readLongs(in, size);
    List<Field> fields = schema.fields();
    values = new Values[fields.size()];
    offsets = new int[fields.size()][];
    for (int column = 0; column < values.length; column++) {
      Field field = fields.get(column);
      long rows = size;
      if (field.sequence()) {
        offsets[column] = (int[]) Values.read(in, ElementType.INT32, size + 1).array();
        rows = offsets[column][size];
      }
      long count = rows * field.width();
      if (count < 0 || count > Integer.MAX_VALUE - 8) {
        throw new IOException("a block says " + count + " values of " + field);
      }
      values[column] = Values.read(in, field.type(), (int) count);
    }
    weights =
        schema.weighted() ? (float[]) Values.read(in, ElementType.FLOAT32, size).array() : null;
    keys = schema.keyed() ? readKeys(in, size) : null;
    String problem = problem();
    if (problem != null) {
      throw new IOException("a damaged block of examples: " + problem);
    }
  }

  private static long[] readLongs(DataInput in, int size) throws IOException {
    long[] longs = new long[Math.min(size, Values.CHUNK)];
    for (int i = 0; i < size; i++) {
      if (i == longs.length) {
        longs = Arrays.copyOf(longs, (int) Math.min(size, 2L * i));
      }
      longs[i] = in.readLong();
    }
    return longs;
  }

  private static String[] readKeys(DataInput in, int size) throws IOException {
    String[] keys = new String[Math.min(size, Values.CHUNK)];
    for (int i = 0; i < size; i++) {
      if (i == keys.length) {
        keys = Arrays.copyOf(keys, (int) Math.min(size, 2L * i));
      }
      keys[i] = in.readUTF();
    }
    return keys;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    writeTo(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    read(in);
  }

  /** Adds all of the block but its ids and names to a digest: equal for equal examples. */
  public void update(MessageDigest digest) {
    try (var out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      for (int column = 0; column < values.length; column++) {
        if (offsets[column] != null) {
          new Values.Ints(offsets[column]).writeTo(out);
        }
        values[column].writeTo(out);
      }
      if (weights != null) {
        new Values.Floats(weights).writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a digest cannot fail to be written", e);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Block[%,d examples, %s]", size(), schema.fields());
  }
}
