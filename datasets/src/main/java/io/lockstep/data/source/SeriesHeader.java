package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.ForeignFormat;
import io.lockstep.data.file.Packing;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The first line of a table of series. */
final class SeriesHeader {
  private SeriesHeader() {}

  /**
   * Names of all columns; their numbers if there is no header.
   *
   * @throws InputException if the file is empty, or no table
   */
  static List<String> of(Configuration hadoop, DataFile file, SeriesOptions.Table table)
      throws IOException {
    try (DataFile.Content content = file.openContent(hadoop)) {
      var in = new BufferedInputStream(table.encoding().utf8(content.in()), 1 << 16);
      in.mark(ForeignFormat.START);
      byte[] start = in.readNBytes(ForeignFormat.START);
      in.reset();
      ForeignFormat.of(start)
          .ifPresent(
              what -> {
                throw new InputException(file.name() + ": " + what);
              });
      try (var rows = new CsvRows(in, table.delimiter())) {
        if (!rows.next()) {
          throw new InputException(
              rows.problem() == null
                  ? file.name() + ": is empty."
                  : CsvProblems.text(file.name(), "line", 0, rows.problem()));
        }
        return table.header() ? rows.values() : Labels.Classes.numbered(rows.size()).names();
      }
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
  }
}
