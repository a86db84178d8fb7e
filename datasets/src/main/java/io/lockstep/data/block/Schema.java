package io.lockstep.data.block;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What each example has. Columns are numbered through: the inputs first, then the labels, then the
 * references.
 *
 * @param inputs what a network is given, at least one
 * @param labels what it is to learn; none where only outputs are wanted
 * @param references what only measuring asks for, such as a naive forecast; mostly none
 * @param weighted whether each example has a weight of its own
 * @param keyed whether each example has the user's key
 */
public record Schema(
    List<Field> inputs, List<Field> labels, List<Field> references, boolean weighted, boolean keyed)
    implements Serializable {
  private static final int MAX_FIELDS = 1024;

  public Schema {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    references = List.copyOf(references);
    if (inputs.isEmpty() || inputs.size() + labels.size() + references.size() > MAX_FIELDS) {
      throw new IllegalArgumentException(
          "%d inputs and %d labels: there must be inputs, and at most %d of both"
              .formatted(inputs.size(), labels.size(), MAX_FIELDS));
    }
  }

  /** Without references. */
  public Schema(List<Field> inputs, List<Field> labels, boolean weighted, boolean keyed) {
    this(inputs, labels, List.of(), weighted, keyed);
  }

  /** One input and one label, without weights and keys. */
  public static Schema of(Field input, Field label) {
    return new Schema(List.of(input), List.of(label), false, false);
  }

  /** All fields in the order of their columns. */
  public List<Field> fields() {
    return Stream.of(inputs, labels, references).flatMap(List::stream).toList();
  }

  /** Number of the first label's column. */
  public int firstLabel() {
    return inputs.size();
  }

  /** Number of the first reference's column. */
  public int firstReference() {
    return inputs.size() + labels.size();
  }

  /** Whether any field is a sequence. */
  public boolean ragged() {
    return fields().stream().anyMatch(Field::sequence);
  }

  /** The same with each field changed. */
  public Schema map(UnaryOperator<Field> change) {
    return new Schema(
        inputs.stream().map(change).toList(),
        labels.stream().map(change).toList(),
        references.stream().map(change).toList(),
        weighted,
        keyed);
  }

  /**
   * Bytes that an example takes in a block.
   *
   * @param steps time steps of each sequence, in the mean
   */
  public double bytesPerExample(double steps) {
    double bytes = Long.BYTES + (weighted ? Float.BYTES : 0) + (keyed ? 32 : 0);
    for (Field field : fields()) {
      double values = field.sequence() ? field.width() * steps : field.width();
      bytes += values * field.type().bytes() + (field.sequence() ? Integer.BYTES : 0);
    }
    return bytes;
  }

  /** Writes the schema: flags, then per field name, type, sequence, rank and shape. */
  void writeTo(DataOutput out) throws IOException {
    out.writeByte((weighted ? 1 : 0) | (keyed ? 2 : 0) | (references.isEmpty() ? 0 : 4));
    out.writeShort(inputs.size());
    out.writeShort(labels.size());
    if (!references.isEmpty()) {
      out.writeShort(references.size());
    }
    for (Field field : fields()) {
      out.writeUTF(field.name());
      out.writeByte(field.type().code());
      out.writeBoolean(field.sequence());
      out.writeByte(field.shape().size());
      for (int extent : field.shape()) {
        out.writeInt(extent);
      }
    }
  }

  static Schema readFrom(DataInput in) throws IOException {
    try {
      int flags = in.readUnsignedByte();
      int inputs = in.readUnsignedShort();
      int labels = in.readUnsignedShort();
      int references = (flags & 4) == 0 ? 0 : in.readUnsignedShort();
      int all = inputs + labels + references;
      if (flags > 7 || all > MAX_FIELDS) {
        throw new IOException("a schema with flags " + flags + " and fields " + all);
      }
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < all; i++) {
        fields.add(readField(in));
      }
      return new Schema(
          fields.subList(0, inputs),
          fields.subList(inputs, inputs + labels),
          fields.subList(inputs + labels, all),
          (flags & 1) != 0,
          (flags & 2) != 0);
    } catch (IllegalArgumentException e) {
      throw new IOException("a damaged schema: " + e.getMessage(), e);
    }
  }

  private static Field readField(DataInput in) throws IOException {
    String name = in.readUTF();
    ElementType type = ElementType.ofCode(in.readUnsignedByte());
    boolean sequence = in.readBoolean();
    int rank = in.readUnsignedByte();
    if (rank > Field.MAX_RANK) {
      throw new IOException("field " + name + " of rank " + rank);
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      shape.add(in.readInt());
    }
    return new Field(name, type, shape, sequence);
  }
}
