package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.csv.CsvHeader;
import io.lockstep.data.source.csv.CsvRows;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the columns of series are in a table.
 *
 * @param header names of all columns, or their numbers
 * @param series column of the series' names, -1 if there is none
 * @param time columns of the time
 * @param inputs columns of features, then those that are known in the future
 * @param targets columns to be foretold
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SeriesColumns(List<String> header, int series, int[] time, int[] inputs, int[] targets) {
  /** Names of all columns of a file. */
  static List<String> names(Configuration hadoop, DataFile file, SeriesOptions.Table table)
      throws IOException {
    List<String> names =
        CsvHeader.of(hadoop, file, table.encoding(), table.delimiter(), table.header());
    if (table.header()) {
      CsvHeader.check(file.name(), names);
    }
    return names;
  }

  /**
   * @throws InputException if a column is missing
   */
  static SeriesColumns of(String file, SeriesOptions options, List<String> header) {
    var find = new Finder(file, header);
    String series = options.table().series();
    int[] features = options.features().stream().mapToInt(find::column).toArray();
    int[] known = options.known().stream().mapToInt(find::column).toArray();
    int[] inputs = java.util.Arrays.copyOf(features, features.length + known.length);
    System.arraycopy(known, 0, inputs, features.length, known.length);
    return new SeriesColumns(
        header,
        series.isEmpty() ? -1 : find.column(series),
        options.table().time().stream().mapToInt(find::column).toArray(),
        inputs,
        options.targets().stream().mapToInt(find::column).toArray());
  }

  /** Finds columns by name, or by number from 0. */
  record Finder(String file, List<String> header) {
    int column(String wanted) {
      int column = header.indexOf(wanted);
      if (column >= 0 && header.lastIndexOf(wanted) != column) {
        throw new InputException(
            "%s: the header names column '%s' twice; choose by number, from 0"
                .formatted(file, wanted));
      }
      if (column < 0 && wanted.matches("\\d{1,9}")) {
        column = Integer.parseInt(wanted);
      }
      if (column < 0 || column >= header.size()) {
        throw new InputException(
            "%s: there is no column '%s'. Columns are: %s.%s"
                .formatted(
                    file,
                    wanted,
                    Labels.abbreviate(header),
                    header.size() == 1
                        ? " Is the delimiter right?"
                        : header.stream().filter(Numbers::isNumber).count() * 2 > header.size()
                            ? " If the file has no header, set header: false and name columns by"
                                + " number."
                            : ""));
      }
      return column;
    }
  }

  /** The time of a row as text, its columns joined by blanks. */
  String time(CsvRows rows) {
    if (time.length == 1) {
      return rows.value(time[0]);
    }
    var text = new StringBuilder();
    for (int column : time) {
      text.append(text.isEmpty() ? "" : " ").append(rows.value(column));
    }
    return text.toString();
  }

  /** A column in a message. */
  String describe(int column) {
    String name = header.get(column);
    return name.equals(String.valueOf(column)) ? name : "'" + name + "'";
  }
}
