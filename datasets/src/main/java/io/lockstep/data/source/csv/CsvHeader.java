package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.ForeignFormat;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.Numbers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** The first line of a table, from no more than a buffer of its file. */
public final class CsvHeader {
  /** How the problem begins of a file whose header is not that of the first. */
  static final String OTHER = "the header (";

  private CsvHeader() {}

  /**
   * The first row of a table.
   *
   * @param names of all columns; their numbers if there is no header
   * @param position where it begins, in bytes of UTF-8 from the beginning of the file
   */
  record Found(List<String> names, long position) {}

  /**
   * Names of all columns; their numbers if there is no header.
   *
   * @throws InputException if the file is empty, or no table
   */
  public static List<String> of(
      Configuration hadoop, DataFile file, TextEncoding encoding, char delimiter, boolean header)
      throws IOException {
    return find(hadoop, file, encoding, CsvDialect.of(delimiter), header).names();
  }

  /**
   * The first row of a table.
   *
   * @throws InputException if the file is empty, or no table
   */
  static Found find(
      Configuration hadoop,
      DataFile file,
      TextEncoding encoding,
      CsvDialect dialect,
      boolean header)
      throws IOException {
    try (DataFile.Content content = file.openContent(hadoop)) {
      var in = new BufferedInputStream(encoding.utf8(content.in()), 1 << 16);
      in.mark(ForeignFormat.START);
      byte[] start = in.readNBytes(ForeignFormat.START);
      in.reset();
      ForeignFormat.of(start)
          .ifPresent(
              what -> {
                throw new InputException(file.name() + ": " + what);
              });
      try (var rows = new CsvRows(in, encoding, dialect)) {
        rows.skip(dialect.skip());
        if (!rows.next()) {
          throw noRow(file, rows);
        }
        return new Found(
            header ? rows.values() : Labels.Classes.numbered(rows.size()).names(), rows.position());
      }
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
  }

  /**
   * Looks whether a first line that is to hold names can be names.
   *
   * @throws InputException if it seems to be the first example
   */
  public static void check(String file, List<String> header) {
    List<String> values = header.stream().filter(CsvHeader::isValue).toList();
    if (2 * values.size() <= header.size() || mayBeNames(values, header.size())) {
      return;
    }
    throw new InputException(
        String.format(
            Locale.ROOT,
            "%s line 1: %,d of the %,d names of columns are %s (%s): it seems to be an example, and"
                + " there is no header. Set header: false, and name columns by number, from 0.",
            file,
            values.size(),
            header.size(),
            values.stream().allMatch(Numbers::isNumber) ? "numbers" : "numbers or dates",
            Labels.abbreviate(header)));
  }

  private static boolean isValue(String name) {
    return Numbers.isNumber(name) || isDate(name);
  }

  private static boolean isDate(String name) {
    return name.matches("\\d{4}-\\d{2}-\\d{2}.*");
  }

  /**
   * Whether numbers or dates may be names: whole numbers or dates, all different, and if there are
   * only such, ascending.
   */
  private static boolean mayBeNames(List<String> values, int columns) {
    boolean whole = values.stream().allMatch(name -> name.matches("\\d{1,9}"));
    if ((!whole && !values.stream().allMatch(CsvHeader::isDate))
        || values.stream().distinct().count() < values.size()) {
      return false;
    }
    Comparator<String> order =
        whole ? Comparator.comparing(Long::valueOf) : Comparator.naturalOrder();
    return values.size() < columns || values.equals(values.stream().sorted(order).toList());
  }

  private static InputException noRow(DataFile file, CsvRows rows) {
    if (rows.openQuote() != 0) {
      return new InputException(CsvProblems.openQuote(file.name(), rows.openQuote()));
    }
    return new InputException(
        rows.problem() == null
            ? file.name() + ": is empty."
            : CsvProblems.text(file.name(), "line", 0, rows.problem()));
  }

  /** What is wrong with a file that begins with {@code found}, where the first one has another. */
  public static String other(List<String> found, List<String> first) {
    return "%s%s) is not that of the first file (%s). All files of a table have the same columns in the same order."
        .formatted(OTHER, Labels.abbreviate(found), Labels.abbreviate(first));
  }
}
