package io.lockstep.data.source.idx;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;

/** Reads rows of a pair of IDX files from front to back. */
final class IdxReader implements SplitReader {
  private static final int BLOCK_BYTES = 4 << 20;

  private final Schema schema;
  private final SourceSplit split;
  private final int classes;
  private final List<String> names;
  private final IdxColumn features;
  private final IdxColumn labels;
  private final BytesRead bytes;
  private final MessageDigest digest = Sha256.digest();
  private final int rowsPerBlock;
  private long row; // within the split
  private Range labelRange = Range.NONE;
  private Range featureRange = Range.NONE;
  private SplitReport.Problem problem;

  private IdxReader(
      Schema schema,
      SourceSplit split,
      int classes,
      List<String> names,
      IdxColumn features,
      IdxColumn labels,
      BytesRead bytes) {
    this.schema = schema;
    this.split = split;
    this.classes = classes;
    this.names = names;
    this.features = features;
    this.labels = labels;
    this.bytes = bytes;
    this.rowsPerBlock = Math.max(1, Math.min(65_536, BLOCK_BYTES / features.rowBytes()));
  }

  /**
   * Opens a pair of files at the first row of {@code split}.
   *
   * @param names of the classes; empty if they are numbered
   */
  static IdxReader open(
      Configuration hadoop,
      DataFile features,
      DataFile labels,
      Schema schema,
      SourceSplit split,
      List<String> names)
      throws IOException {
    var bytes = new BytesRead();
    int classes = names.isEmpty() ? IdxSource.MAX_CLASSES : names.size();
    IdxColumn opened = IdxColumn.open(hadoop, features, split);
    try {
      return new IdxReader(
          schema, split, classes, names, opened, IdxColumn.open(hadoop, labels, split), bytes);
    } catch (IOException | RuntimeException e) {
      try (opened) {
        throw e;
      }
    }
  }

  @Override
  public Optional<Block> next() throws IOException {
    long left = split.to() - split.from() - row;
    if (problem != null) {
      return Optional.empty();
    }
    if (left == 0) {
      checkEnd(features);
      checkEnd(labels);
      return Optional.empty();
    }
    int rows = (int) Math.min(left, rowsPerBlock);
    byte[] values = read(features, rows);
    byte[] answers = read(labels, rows);
    if (problem != null) {
      return Optional.empty();
    }
    var builder = new BlockBuilder(schema, rows);
    ByteBuffer valueBuffer = ByteBuffer.wrap(values);
    ByteBuffer answerBuffer = ByteBuffer.wrap(answers);
    for (int i = 0; i < rows && problem == null; i++, row++) {
      builder.begin(row);
      addFeatures(builder, values, valueBuffer, i);
      addLabel(builder, answerBuffer);
      if (problem == null) {
        builder.end();
      }
    }
    if (problem != null) {
      return Optional.empty();
    }
    Block block = builder.build();
    block.update(digest);
    return Optional.of(block);
  }

  private byte[] read(IdxColumn column, int rows) throws IOException {
    try {
      return column.read(rows);
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        problem(0, Packing.damaged(column.header().name(), e).getMessage());
        return new byte[0];
      }
      throw e;
    }
  }

  /** A packed file may hold more than its header says, which only its end tells. */
  private void checkEnd(IdxColumn column) throws IOException {
    if (!column.header().packed() || problem != null) {
      return;
    }
    try {
      if (column.in().read() != -1) {
        InputException more =
            column
                .header()
                .wrong(
                    "holds more than the %s %s of its IDX header. It is not what it says: get it"
                        + " again.",
                    column.header().type(), column.header().dimensions());
        problem(0, more.getMessage());
      }
    } catch (IOException e) {
      if (!Packing.isDamage(e)) {
        throw e;
      }
      problem(0, Packing.damaged(column.header().name(), e).getMessage());
    }
  }

  private void addFeatures(BlockBuilder builder, byte[] values, ByteBuffer buffer, int i) {
    int width = schema.inputs().get(0).width();
    if (schema.inputs().get(0).type() == ElementType.UINT8) {
      builder.put(0, values, i * width, width);
      return;
    }
    for (int j = 0; j < width; j++) {
      double value = features.next(buffer);
      if (!Float.isFinite((float) value)) {
        problem(
            row,
            "%s: example %,d (counted from 0) holds %s, which is not a finite 32-bit number. Clean"
                    .formatted(features.header().name(), split.from() + row, value)
                + " the data before training.");
        return;
      }
      featureRange = featureRange.with(value);
      builder.put(0, value);
    }
  }

  private void addLabel(BlockBuilder builder, ByteBuffer buffer) {
    if (problem != null) {
      return;
    }
    if (schema.labels().get(0).type() == ElementType.INT32) {
      int label = (int) labels.next(buffer);
      if (label < 0 || label >= classes) {
        problem(row, unknown(label));
        return;
      }
      labelRange = labelRange.with(label);
      builder.put(1, label);
      return;
    }
    for (int j = 0; j < schema.labels().get(0).width(); j++) {
      double value = labels.next(buffer);
      if (!Float.isFinite((float) value)) {
        problem(
            row,
            "%s: label %,d (counted from 0) is %s, which is not a finite 32-bit number."
                .formatted(labels.header().name(), split.from() + row, value));
        return;
      }
      labelRange = labelRange.with(value);
      builder.put(1, value);
    }
  }

  private String unknown(int label) {
    String name = labels.header().name();
    long at = split.from() + row;
    return names.isEmpty()
        ? String.format(
            Locale.ROOT,
            "%s: example %,d (counted from 0) has label %,d. Number the classes from 0.",
            name,
            at,
            label)
        : String.format(
            Locale.ROOT,
            "%s: example %,d (counted from 0) has label %d, but there are only the %,d classes %s,"
                + " counted from 0.",
            name,
            at,
            label,
            classes,
            Labels.abbreviate(names));
  }

  private void problem(long at, String message) {
    problem = new SplitReport.Problem(at, "", message);
  }

  @Override
  public SplitReport report() {
    return new SplitReport(
        row,
        0,
        0,
        List.of(),
        labelRange,
        featureRange,
        Sha256.hex(digest),
        bytes.since(),
        OptionalLong.empty(),
        problem == null ? List.of() : List.of(problem));
  }

  @Override
  public void close() throws IOException {
    try (features) {
      labels.close();
    }
  }
}
