package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.csv.CsvRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the first lines of a table show: its delimiter, and whether it has a header.
 *
 * <p>A delimiter is the better the more rows have as many values as the first one, and then the
 * more values they have; so the tab between a text and its class is seen though the text has
 * commas.
 *
 * @param delimiter that suits the rows best
 * @param rows the first ones
 */
record TableLook(char delimiter, List<List<String>> rows) {
  /** As much of a file as is looked at. */
  static final int BYTES = 1 << 16;

  private static final int MOST_ROWS = 100;

  /** Which delimiters there are; of equally good ones the first counts. */
  private static final List<Character> DELIMITERS = List.of('\t', ';', ',', '|');

  private record Candidate(TableLook look, double alike) {}

  /**
   * Looks at the beginning of a file.
   *
   * @param badRecords whether lines that are no text are passed over
   * @throws InputException if it is no text
   */
  static TableLook at(
      String file, byte[] start, Optional<Character> delimiter, BadRecords badRecords)
      throws IOException {
    String text = new String(start, StandardCharsets.UTF_8);
    int last = text.lastIndexOf('\n');
    // The last line may be cut, and with it a character.
    String lines = start.length < BYTES || last < 0 ? text : text.substring(0, last + 1);
    String whole =
        badRecords == BadRecords.FAIL
            ? lines
            : lines
                .lines()
                .filter(line -> line.indexOf('\uFFFD') < 0)
                .collect(Collectors.joining("\n"));
    if ((whole.isEmpty() && !lines.isEmpty())
        || whole.indexOf('\0') >= 0
        || whole.indexOf('\uFFFD') >= 0) {
      throw new InputException(
          file
              + ": is neither IDX nor UTF-8 text. Lockstep reads IDX and CSV, plain or packed with"
              + " gzip, bzip2 or zstd; convert other encodings, for example with iconv.");
    }
    if (delimiter.isPresent()) {
      return with(delimiter.get(), whole).look();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (char each : DELIMITERS) {
      candidates.add(with(each, whole));
    }
    return candidates.stream()
        .max(
            Comparator.comparingDouble(Candidate::alike)
                .thenComparingInt(candidate -> candidate.look().width())
                .thenComparing(candidate -> -DELIMITERS.indexOf(candidate.look().delimiter())))
        .map(Candidate::look)
        .filter(look -> look.width() > 1)
        .orElseGet(() -> candidates.get(DELIMITERS.indexOf(',')).look());
  }

  private static Candidate with(char delimiter, String text) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var parsed = new CsvRows(new ByteArrayInputStream(bytes), delimiter)) {
      while (rows.size() < MOST_ROWS && parsed.next()) {
        rows.add(parsed.values());
      }
    }
    var look = new TableLook(delimiter, rows);
    long alike = rows.stream().filter(row -> row.size() == look.width()).count();
    double share = look.width() < 2 ? 0 : alike / (double) rows.size();
    return new Candidate(look, share);
  }

  /** Whether it is no table: one column that holds no numbers, or rows of all widths. */
  boolean isRunningText() {
    long alike = rows.stream().filter(row -> row.size() == width()).count();
    long numbers = rows.stream().filter(row -> Numbers.isNumber(row.get(0).strip())).count();
    return !rows.isEmpty() && (width() < 2 ? 2 * numbers < rows.size() : 2 * alike < rows.size());
  }

  /** Values of the first row. */
  int width() {
    return rows.isEmpty() ? 0 : rows.get(0).size();
  }

  /** Whether the first row holds names: none is a number, or comes again in its column. */
  boolean header() {
    if (rows.isEmpty()) {
      return false;
    }
    List<String> first = rows.get(0);
    for (int column = 0; column < first.size(); column++) {
      String name = first.get(column).strip();
      if (Numbers.isNumber(name) || comesAgain(column, name)) {
        return false;
      }
    }
    return true;
  }

  private boolean comesAgain(int column, String name) {
    return rows.stream()
        .skip(1)
        .anyMatch(row -> row.size() > column && row.get(column).strip().equals(name));
  }
}
