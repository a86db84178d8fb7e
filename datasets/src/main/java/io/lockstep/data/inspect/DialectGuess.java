package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.file.ForeignFormat;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.csv.CsvDialect;
import io.lockstep.data.source.csv.CsvRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a table seems to be written down, from its beginning. A delimiter is the better the more rows
 * have as many values as most have, and then the more values they have.
 *
 * @param dialect that suits the rows best
 * @param header whether the first row holds names
 */
record DialectGuess(CsvDialect dialect, boolean header) {
  /** As much of a file as is looked at. */
  static final int BYTES = 1 << 18;

  private static final int MOST_ROWS = 500;
  private static final List<String> USUAL = List.of("\t", ";", ",", "|", CsvDialect.BLANKS);
  private static final Pattern MARKS = Pattern.compile("[^A-Za-z0-9\\s.,'\"-]+");

  /** Marks that may have points, commas and dashes within. */
  private static final Pattern LONG_MARKS =
      Pattern.compile("[^A-Za-z0-9\\s.,'\"-][^A-Za-z0-9\\s'\"]*[^A-Za-z0-9\\s.,'\"-]");

  private static final Pattern COMMENT = Pattern.compile("^(#|~|%|//|!)");

  private record Rows(String delimiter, List<List<String>> rows) {
    int width() {
      return rows.stream()
          .map(List::size)
          .collect(Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting()))
          .entrySet()
          .stream()
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElse(0);
    }

    double alike() {
      return width() < 2
          ? 0
          : rows.stream().filter(row -> row.size() == width()).count() / (double) rows.size();
    }
  }

  static DialectGuess of(String file, byte[] start) throws IOException {
    TextEncoding marked = TextEncoding.ofMark(start);
    boolean utf8 = marked.isUtf8() && isUtf8(start);
    String encoding = utf8 || !marked.isUtf8() ? "" : "windows-1252";
    TextEncoding read = encoding.isEmpty() ? marked : new TextEncoding(encoding);
    byte[] text = read.utf8(new ByteArrayInputStream(start)).readAllBytes();
    ForeignFormat.of(text)
        .ifPresent(
            what -> {
              throw new InputException(file + ": " + what);
            });
    String all = new String(text, StandardCharsets.UTF_8).replace("\uFEFF", "");
    int end = all.lastIndexOf('\n');
    String whole = start.length < BYTES || end < 0 ? all : all.substring(0, end + 1);
    String comment = comment(whole);
    String quote = quote(whole);
    Rows best = best(whole, comment, quote);
    boolean commas =
        !best.delimiter().equals(",")
            && share(best, Pattern.compile("[-+]?\\d+,\\d+")) > share(best, POINT);
    int width = best.width();
    boolean ragged = best.rows().stream().anyMatch(row -> row.size() != width);
    var dialect =
        new CsvDialect(
            best.delimiter(),
            quote,
            commas ? ',' : '.',
            "",
            comment,
            0,
            encoding,
            List.of(),
            ragged,
            Map.of());
    return new DialectGuess(dialect, isHeader(best.rows(), dialect.decimal()));
  }

  private static final Pattern POINT = Pattern.compile("[-+]?\\d+\\.\\d+");

  private static boolean isUtf8(byte[] start) {
    int cut = start.length < BYTES ? 0 : 3; // of a character that is cut
    for (int less = 0; less <= cut; less++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(start, 0, start.length - less));
        return true;
      } catch (CharacterCodingException e) {
        // tried with less of the last character
      }
    }
    return false;
  }

  private static String comment(String text) {
    Matcher matcher = COMMENT.matcher(text);
    if (!matcher.find()) {
      return "";
    }
    String mark = matcher.group(1);
    return text.lines().allMatch(line -> line.startsWith(mark)) ? "" : mark;
  }

  /** Single quotes, if values begin and end with them and double ones are nowhere. */
  private static String quote(String text) {
    boolean single =
        text.indexOf('"') < 0
            && text.lines()
                    .limit(MOST_ROWS)
                    .filter(line -> line.matches(".*'[^']*'([^A-Za-z0-9].*|$)"))
                    .count()
                > 0;
    return single ? "'" : "\"";
  }

  private static Rows best(String text, String comment, String quote) throws IOException {
    List<Rows> usual = new ArrayList<>();
    for (String each : USUAL) {
      usual.add(rows(text, each, comment, quote));
    }
    Rows found = best(usual);
    if (found.alike() > 0.9) {
      return found;
    }
    Set<String> marks = new LinkedHashSet<>();
    String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    // Of equally good ones the first counts: the longest, of which others are parts.
    for (Pattern pattern : List.of(LONG_MARKS, MARKS)) {
      pattern.matcher(first).results().map(MatchResult::group).forEach(marks::add);
    }
    List<Rows> odd = new ArrayList<>(List.of(found));
    for (String each : marks) {
      if (!each.contains(quote)) {
        odd.add(rows(text, each, comment, quote));
      }
    }
    return best(odd);
  }

  private static Rows best(List<Rows> candidates) {
    return candidates.stream()
        .max(
            Comparator.comparingDouble(Rows::alike)
                .thenComparingInt(Rows::width)
                .thenComparing(it -> -candidates.indexOf(it)))
        .orElseThrow();
  }

  private static Rows rows(String text, String delimiter, String comment, String quote)
      throws IOException {
    var dialect =
        new CsvDialect(delimiter, quote, '.', "", comment, 0, "", List.of(), false, Map.of());
    List<List<String>> rows = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var parsed = new CsvRows(new ByteArrayInputStream(bytes), TextEncoding.UTF_8, dialect)) {
      while (rows.size() < MOST_ROWS && parsed.next()) {
        rows.add(parsed.values());
      }
    }
    return new Rows(delimiter, rows);
  }

  private static long share(Rows rows, Pattern pattern) {
    return rows.rows().stream()
        .flatMap(List::stream)
        .filter(value -> pattern.matcher(value).matches())
        .count();
  }

  /** Whether the first row holds names: none is a number, or comes again in its column. */
  private static boolean isHeader(List<List<String>> rows, char decimal) {
    if (rows.size() < 2) {
      return false;
    }
    List<String> first = rows.get(0);
    for (int column = 0; column < first.size(); column++) {
      String name = first.get(column);
      int at = column;
      if (Numbers.isNumber(name.replace(decimal, '.'))
          || (!name.isEmpty()
              && rows.stream()
                  .skip(1)
                  .anyMatch(row -> row.size() > at && row.get(at).equals(name)))) {
        return false;
      }
    }
    return true;
  }
}
