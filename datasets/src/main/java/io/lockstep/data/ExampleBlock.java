package io.lockstep.data;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Examples as columns of primitive arrays: ids, features, labels.
 *
 * <p>This is what executors cache and replicas train from. Images stay one byte per pixel until
 * a minibatch turns some rows into floats. Rows are counted from 0 within the block; the id of
 * a row is its position in the source. Immutable, so safe for any number of threads: the arrays
 * given to the factory methods are kept, not copied, and must not be written to afterwards.
 *
 * <p>Written form, big-endian, version 1:
 *
 * <pre>
 * int   0x4C534231 ("LSB1")
 * byte  version = 1
 * byte  features: 0 uint8, 1 float32
 * byte  labels: 0 classes, 1 targets
 * byte  rank, then rank x int: shape of one example's features
 * int   label width: number of classes, or numbers per example
 * int   size: number of examples
 * size x int             ids
 * size x width x value   features
 * size x int, or size x label width x float   labels
 * </pre>
 */
public final class ExampleBlock {
  private static final int MAGIC = 0x4C534231;
  private static final int VERSION = 1;
  private static final int MAX_RANK = 8;

  private final int[] shape;
  private final int width;
  private final Column.Ints ids;
  private final Column features;
  private final Column labels;
  private final int labelWidth;

  private ExampleBlock(
      int[] shape, Column.Ints ids, Column features, Column labels, int labelWidth) {
    this.shape = shape;
    this.width = width(shape);
    this.ids = ids;
    this.features = features;
    this.labels = labels;
    this.labelWidth = labelWidth;
  }

  /**
   * Features of a block to be made.
   *
   * @see ExampleBlock#ofClasses
   */
  public static final class Features {
    private final int[] shape;
    private final Column column;

    private Features(int[] shape, Column column) {
      width(shape); // throws if it is none
      this.shape = shape.clone();
      this.column = column;
    }

    /**
     * Unsigned bytes.
     *
     * @param values {@code [size, ...shape]} row-major
     */
    public static Features uint8(int[] shape, byte[] values) {
      return new Features(shape, new Column.Bytes(values));
    }

    /**
     * Floats.
     *
     * @param values {@code [size, ...shape]} row-major
     */
    public static Features float32(int[] shape, float[] values) {
      return new Features(shape, new Column.Floats(values));
    }
  }

  /**
   * Makes a block of examples of one class each.
   *
   * @param ids positions in the source, {@code [size]}
   * @param classes label of each example, in {@code [0, classCount)}
   */
  public static ExampleBlock ofClasses(
      int[] ids, Features features, int[] classes, int classCount) {
    Column.Ints labels = new Column.Ints(classes);
    return checked(ids, features, labels, classCount);
  }

  /**
   * Makes a block of examples with numbers to be predicted.
   *
   * @param ids positions in the source, {@code [size]}
   * @param targets {@code [size, targetWidth]} row-major
   */
  public static ExampleBlock ofTargets(
      int[] ids, Features features, float[] targets, int targetWidth) {
    return checked(ids, features, new Column.Floats(targets), targetWidth);
  }

  private static ExampleBlock checked(int[] ids, Features features, Column labels, int labelWidth) {
    ExampleBlock block =
        new ExampleBlock(features.shape, new Column.Ints(ids), features.column, labels, labelWidth);
    String problem = block.problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return block;
  }

  /** Returns what contradicts itself in this block, or null. */
  private String problem() {
    if (labelWidth < 1) {
      return "label width must be at least 1, not " + labelWidth;
    }
    if ((long) size() * width != features.length()) {
      return String.format(
          Locale.ROOT,
          "%,d examples of shape %s need %,d feature values, not %,d",
          size(),
          Arrays.toString(shape),
          (long) size() * width,
          features.length());
    }
    long wanted = hasClasses() ? size() : (long) size() * labelWidth;
    if (wanted != labels.length()) {
      return String.format(
          Locale.ROOT,
          "%,d examples need %,d label values, not %,d",
          size(),
          wanted,
          labels.length());
    }
    if (labels instanceof Column.Ints classes) {
      for (int row = 0; row < size(); row++) {
        if (classes.values()[row] < 0 || classes.values()[row] >= labelWidth) {
          return String.format(
              Locale.ROOT,
              "example %,d has label %d, outside the %,d classes",
              id(row),
              classes.values()[row],
              labelWidth);
        }
      }
    }
    return null;
  }

  /** Number of values of one example of this shape. */
  static int width(int[] shape) {
    long width = 1;
    for (int extent : shape) {
      if (extent < 1) {
        throw new IllegalArgumentException("not a shape: " + Arrays.toString(shape));
      }
      width *= extent;
      if (width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("shape too large: " + Arrays.toString(shape));
      }
    }
    return (int) width;
  }

  /** Number of examples. */
  public int size() {
    return ids.length();
  }

  /** Shape of one example's features. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of values of one example's features. */
  public int width() {
    return width;
  }

  /** How feature values are held. */
  public FeatureType type() {
    return features instanceof Column.Bytes ? FeatureType.UINT8 : FeatureType.FLOAT32;
  }

  /** Whether labels are classes; else they are numbers. */
  public boolean hasClasses() {
    return labels instanceof Column.Ints;
  }

  /** Number of classes, or numbers per example. */
  public int labelWidth() {
    return labelWidth;
  }

  /** The example's position in its source. */
  public int id(int row) {
    return ids.values()[row];
  }

  /** The example's class; only if {@link #hasClasses}. */
  public int label(int row) {
    return ((Column.Ints) labels).values()[row];
  }

  /** Copies the raw features of {@code row} to {@code target}, from {@code offset} on. */
  public void featuresInto(int row, float[] target, int offset) {
    features.copyTo(row * width, target, offset, width);
  }

  /**
   * Copies the label of {@code row} as a row of {@code outputs} floats: a number per column, 1 at
   * the class among zeros, or for a single output and two classes the class itself.
   *
   * @param outputs as {@link Labels#widthFor} returned it
   */
  public void labelsInto(int row, float[] target, int offset, int outputs) {
    if (!hasClasses()) {
      labels.copyTo(row * labelWidth, target, offset, labelWidth);
      return;
    }
    int label = label(row);
    if (outputs == 1) {
      target[offset] = label;
      return;
    }
    Arrays.fill(target, offset, offset + outputs, 0f);
    target[offset + label] = 1f;
  }

  /** Returns a copy of rows {@code from} to {@code to - 1}. */
  public ExampleBlock slice(int from, int to) {
    int labelValues = hasClasses() ? 1 : labelWidth;
    return new ExampleBlock(
        shape,
        (Column.Ints) ids.slice(from, to),
        features.slice(from * width, to * width),
        labels.slice(from * labelValues, to * labelValues),
        labelWidth);
  }

  /**
   * Returns all examples of {@code blocks}, in this order, as one block.
   *
   * @throws IllegalArgumentException if there are none or their shapes, types or labels differ
   */
  public static ExampleBlock concat(List<ExampleBlock> blocks) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("no blocks to put together");
    }
    ExampleBlock first = blocks.get(0);
    for (ExampleBlock block : blocks) {
      if (!first.kind().equals(block.kind())) {
        throw new IllegalArgumentException(
            "blocks do not fit together: " + first.kind() + " and " + block.kind());
      }
    }
    return new ExampleBlock(
        first.shape,
        (Column.Ints) concat(blocks, block -> block.ids),
        concat(blocks, block -> block.features),
        concat(blocks, block -> block.labels),
        first.labelWidth);
  }

  private static Column concat(List<ExampleBlock> blocks, Function<ExampleBlock, Column> column) {
    List<Column> parts = blocks.stream().map(column).toList();
    long length = parts.stream().mapToLong(Column::length).sum();
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%,d values do not fit one block; keep them as several", length));
    }
    return Column.concat(parts, (int) length);
  }

  private String kind() {
    return String.format(
        Locale.ROOT,
        "features %s %s, %,d %s",
        Arrays.toString(shape),
        type(),
        labelWidth,
        hasClasses() ? "classes" : "targets");
  }

  /** Bytes that {@link #writeTo} writes. */
  public long encodedLength() {
    return 8
        + 4L * shape.length
        + 8
        + ids.encodedLength()
        + features.encodedLength()
        + labels.encodedLength();
  }

  /** Writes the block in the form described above. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(MAGIC);
    out.writeByte(VERSION);
    out.writeByte(type() == FeatureType.UINT8 ? 0 : 1);
    out.writeByte(hasClasses() ? 0 : 1);
    out.writeByte(shape.length);
    for (int extent : shape) {
      out.writeInt(extent);
    }
    out.writeInt(labelWidth);
    out.writeInt(size());
    ids.writeTo(out);
    features.writeTo(out);
    labels.writeTo(out);
  }

  /**
   * Reads a block that {@link #writeTo} wrote.
   *
   * <p>Sizes are checked before anything is allocated, and arrays grow with the bytes that arrive:
   * damaged or hostile bytes cost an exception, never the heap.
   *
   * @throws IOException if the bytes are not a block, or end too early
   */
  public static ExampleBlock readFrom(DataInput in) throws IOException {
    int magic = in.readInt();
    if (magic != MAGIC) {
      throw new IOException(
          String.format(Locale.ROOT, "not a block of examples: begins with %08x", magic));
    }
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(
          "block of examples has version " + version + ", this Lockstep reads " + VERSION);
    }
    boolean bytes = flag(in, "feature type") == 0;
    boolean classes = flag(in, "label kind") == 0;
    int[] shape = readShape(in);
    int width = width(shape);
    int labelWidth = in.readInt();
    int size = in.readInt();
    if (size < 0 || labelWidth < 1) {
      throw new IOException(
          "block of examples says size " + size + " and label width " + labelWidth);
    }
    int featureValues = values(size, width);
    int labelValues = values(size, classes ? 1 : labelWidth);
    Column.Ints ids = Column.Ints.read(in, size);
    Column features =
        bytes ? Column.Bytes.read(in, featureValues) : Column.Floats.read(in, featureValues);
    Column labels =
        classes ? Column.Ints.read(in, labelValues) : Column.Floats.read(in, labelValues);
    ExampleBlock block = new ExampleBlock(shape, ids, features, labels, labelWidth);
    String problem = block.problem();
    if (problem != null) {
      throw new IOException("damaged block of examples: " + problem);
    }
    return block;
  }

  private static int flag(DataInput in, String what) throws IOException {
    int value = in.readUnsignedByte();
    if (value > 1) {
      throw new IOException("block of examples has unknown " + what + " " + value);
    }
    return value;
  }

  private static int[] readShape(DataInput in) throws IOException {
    int rank = in.readUnsignedByte();
    if (rank > MAX_RANK) {
      throw new IOException("block of examples has rank " + rank + ", at most " + MAX_RANK);
    }
    int[] shape = new int[rank];
    long width = 1;
    for (int i = 0; i < rank; i++) {
      shape[i] = in.readInt();
      width *= Math.max(shape[i], 0);
      if (width < 1 || width > Integer.MAX_VALUE) {
        throw new IOException(
            "block of examples has shape " + Arrays.toString(shape) + ", empty or too large");
      }
    }
    return shape;
  }

  private static int values(int size, int width) throws IOException {
    long values = (long) size * width;
    if (values > Integer.MAX_VALUE - 8) {
      throw new IOException(
          String.format(
              Locale.ROOT, "block of examples says %,d x %,d values, too many", size, width));
    }
    return (int) values;
  }

  /** SHA-256 of the written form, in hex: equal for equal examples, wherever they were read. */
  public String contentHash() {
    try (DigestOutputStream digest =
        new DigestOutputStream(
            OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
      writeTo(new DataOutputStream(digest));
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException("a digest cannot fail to be written", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "ExampleBlock[%,d examples, %s]", size(), kind());
  }
}
