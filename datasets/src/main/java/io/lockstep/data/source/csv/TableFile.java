package io.lockstep.data.source.csv;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.LineRange;
import io.lockstep.data.source.SourceSplit;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A file of a table, of which only the first bytes were looked at.
 *
 * @param file itself
 * @param dialect it is written in
 * @param encoding that was said, or that its byte order mark tells
 * @param packed whether it must be unpacked from its beginning on
 */
record TableFile(DataFile file, CsvDialect dialect, TextEncoding encoding, boolean packed) {
  static TableFile of(Configuration hadoop, DataFile file, CsvDialect dialect) throws IOException {
    byte[] start;
    try (InputStream in = file.openRaw(hadoop, 0)) {
      start = in.readNBytes(Packing.SIGNATURE);
    }
    boolean packed = Packing.of(start) != Packing.NONE;
    if (packed && dialect.said().isEmpty()) {
      try (DataFile.Content content = file.openContent(hadoop)) {
        start = content.in().readNBytes(2);
      } catch (IOException e) {
        if (Packing.isDamage(e)) {
          throw Packing.damaged(file.name(), e);
        }
        throw e;
      }
    }
    return new TableFile(file, dialect, dialect.said().orElse(TextEncoding.ofMark(start)), packed);
  }

  /** The file of a split of a layout: one that is not read as a whole is plain. */
  static TableFile of(Configuration hadoop, DataFile file, CsvDialect dialect, SourceSplit split)
      throws IOException {
    return split.to() == Long.MAX_VALUE
        ? of(hadoop, file, dialect)
        : new TableFile(file, dialect, dialect.said().orElse(TextEncoding.UTF_8), false);
  }

  /** Whether it must be read from beginning to end, by one task. */
  boolean whole() {
    return packed || !encoding.cuttable();
  }

  /** Whether there may be comments before its first row. */
  boolean commented() {
    return !dialect.comment().isEmpty();
  }

  CsvHeader.Found first(Configuration hadoop, boolean header) throws IOException {
    return CsvHeader.find(hadoop, file, encoding, dialect, header);
  }

  /** The rows of a split, the header among them. */
  CsvRows rows(Configuration hadoop, SourceSplit split) throws IOException {
    InputStream in =
        whole()
            ? file.openContent(hadoop).in()
            : LineRange.of(
                file.openRaw(hadoop, LineRange.start(split.from())), split.from(), split.to());
    try {
      var rows = new CsvRows(encoding.utf8(in), encoding, dialect);
      if (split.from() == 0) {
        rows.skip(dialect.skip());
      }
      return rows;
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }
}
