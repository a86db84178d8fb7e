package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.csv.CsvDialect;
import io.lockstep.data.source.csv.CsvRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A table that nobody has said anything of: how it seems to be written down, and what its columns
 * seem to hold. Reads the first file of it once.
 *
 * @param path of the table
 * @param dialect it is written in, with the markers of what is missing
 * @param header whether its first row holds names
 * @param columns from left to right
 * @param rows that were seen
 */
public record TableGuess(
    String path, CsvDialect dialect, boolean header, List<ColumnGuess> columns, long rows) {
  /**
   * Looks at a table.
   *
   * @throws InputException if there is no such file, or it is no table
   */
  public static TableGuess of(Configuration hadoop, String path) throws IOException {
    DataFile file = DataFiles.all(hadoop, path).get(0);
    byte[] start;
    try (DataFile.Content content = file.openContent(hadoop)) {
      start = content.in().readNBytes(DialectGuess.BYTES);
    }
    DialectGuess guess = DialectGuess.of(file.name(), start);
    CsvDialect dialect = guess.dialect();
    TextEncoding encoding = dialect.said().orElse(TextEncoding.ofMark(start));
    try (DataFile.Content content = file.openContent(hadoop);
        var rows = new CsvRows(encoding.utf8(content.in()), encoding, dialect)) {
      return read(path, guess, rows);
    }
  }

  private static TableGuess read(String path, DialectGuess guess, CsvRows rows) {
    if (!rows.next()) {
      throw new InputException(path + ": holds no table.");
    }
    List<String> names =
        guess.header()
            ? rows.values()
            : IntStream.range(0, rows.size()).mapToObj(String::valueOf).toList();
    List<ValueTally> tallies = new ArrayList<>();
    names.forEach(name -> tallies.add(new ValueTally(guess.dialect().decimal())));
    long count = 0;
    boolean more = !guess.header() || rows.next();
    for (; more; more = rows.next()) {
      for (int column = 0; column < names.size(); column++) {
        tallies.get(column).add(column < rows.size() ? rows.value(column) : "");
      }
      count++;
    }
    TreeSet<String> missing = new TreeSet<>();
    tallies.forEach(it -> missing.addAll(it.markers()));
    List<ColumnGuess> columns = new ArrayList<>();
    for (ValueTally tally : tallies) {
      String name = names.get(columns.size());
      boolean named = !name.isEmpty() && names.indexOf(name) == names.lastIndexOf(name);
      columns.add(
          tally.guess(named ? name : String.valueOf(columns.size()), List.copyOf(missing), count));
    }
    return new TableGuess(
        path, guess.dialect().withMissing(List.copyOf(missing)), guess.header(), columns, count);
  }

  /** The column of that name or number. */
  public ColumnGuess column(String name) {
    return ColumnGuess.named(columns, name)
        .or(
            () ->
                name.matches("\\d{1,6}") && Integer.parseInt(name) < columns.size()
                    ? Optional.of(columns.get(Integer.parseInt(name)))
                    : Optional.empty())
        .orElseThrow(
            () ->
                new InputException(
                    "%s: there is no column '%s'. Columns are: %s."
                        .formatted(
                            path,
                            name,
                            Labels.abbreviate(columns.stream().map(ColumnGuess::name).toList()))));
  }
}
