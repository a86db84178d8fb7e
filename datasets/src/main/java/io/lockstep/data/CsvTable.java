package io.lockstep.data;

import java.io.EOFException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file, open for reading row by row; knows which columns are wanted and, for messages, where
 * it is. Holds one row at a time. Not thread-safe.
 */
final class CsvTable implements AutoCloseable {
  /** A longer row is a quote that was never closed. */
  private static final int MAX_ROW_CHARACTERS = 1 << 26;

  private final DataFile file;
  private final CSVParser parser;
  private final RowLimit limit;
  private final Iterator<CSVRecord> records;
  private final List<String> names;
  private final int[] features;
  private final int[] labels;
  private final int[] shape;
  private CSVRecord pushedBack;
  private CSVRecord row;
  private int rows;

  private CsvTable(DataFile file, CsvOptions options, CSVParser parser, RowLimit limit) {
    this.file = file;
    this.parser = parser;
    this.limit = limit;
    this.records = parser.iterator();
    CSVRecord first = nextRecord();
    if (first == null) {
      throw new InputException(file.name() + ": is empty.");
    }
    row = first;
    names = options.header() ? first.toList() : numbers(first.size());
    if (!options.header()) {
      pushedBack = first;
    }
    labels = columns(options.labels());
    features = options.features().isEmpty() ? allBut(labels) : checked(columns(options.features()));
    shape = shape(options.shape());
    row = null;
  }

  static CsvTable open(DataFile file, CsvOptions options) throws IOException {
    DataFile.Content content;
    try {
      content = file.open();
    } catch (ZipException | EOFException e) {
      throw damaged(file, e);
    }
    try {
      RowLimit limit =
          new RowLimit(
              new InputStreamReader(content.in(), StandardCharsets.UTF_8.newDecoder()), file);
      CSVFormat format =
          CSVFormat.Builder.create()
              .setDelimiter(options.delimiter())
              .setQuote('"')
              .setIgnoreEmptyLines(true)
              .setIgnoreSurroundingSpaces(true)
              .get();
      CSVParser parser = CSVParser.builder().setReader(limit).setFormat(format).get();
      return new CsvTable(file, options, parser, limit);
    } catch (IOException | RuntimeException e) {
      try {
        content.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }

  private int[] columns(List<String> wanted) {
    return wanted.stream().mapToInt(this::column).toArray();
  }

  private int column(String wanted) {
    int column = names.indexOf(wanted);
    if (column >= 0 && names.lastIndexOf(wanted) != column) {
      throw wrong(
          String.format(
                  Locale.ROOT,
                  "the header names column '%s' twice, as columns %d and %d (counted from 0)."
                      + " Choose by",
                  wanted,
                  column,
                  names.lastIndexOf(wanted))
              + " number.");
    }
    if (column < 0 && wanted.matches("\\d{1,9}")) {
      column = Integer.parseInt(wanted);
    }
    if (column < 0 || column >= names.size()) {
      throw wrong(
          String.format(
                  Locale.ROOT,
                  "there is no column '%s'. Columns are: %s.",
                  wanted,
                  Labels.abbreviate(names))
              + (names.size() == 1 ? " Is the delimiter right?" : ""));
    }
    return column;
  }

  private int[] allBut(int[] excluded) {
    int[] columns =
        IntStream.range(0, names.size())
            .filter(column -> IntStream.of(excluded).noneMatch(label -> label == column))
            .toArray();
    if (columns.length == 0) {
      throw wrong("there are only label columns, no features. Is the delimiter right?");
    }
    return columns;
  }

  private int[] checked(int[] columns) {
    for (int i = 0; i < columns.length; i++) {
      int column = columns[i];
      if (IntStream.of(labels).anyMatch(label -> label == column)) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "column %s is both feature and label: the network would see what it is to predict.",
                describe(column)));
      }
      if (IntStream.of(columns).limit(i).anyMatch(earlier -> earlier == column)) {
        throw wrong(
            String.format(
                Locale.ROOT, "column %s is named twice among the features.", describe(column)));
      }
    }
    return columns;
  }

  private int[] shape(List<Integer> wanted) {
    if (wanted.isEmpty()) {
      return new int[] {features.length};
    }
    long values = 1;
    for (int extent : wanted) {
      values = Math.multiplyExact(values, (long) extent);
      if (values > Integer.MAX_VALUE) {
        break;
      }
    }
    if (values != features.length) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "there are %,d feature columns, which cannot be shaped as %s.",
              features.length,
              wanted));
    }
    return wanted.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Names of all columns, or their numbers. */
  List<String> names() {
    return names;
  }

  /** The value of this row in {@code column}. */
  String value(int column) {
    return row.get(column);
  }

  /** Number of feature columns. */
  int features() {
    return features.length;
  }

  /** Number of label columns. */
  int labels() {
    return labels.length;
  }

  /** Shape of one example. */
  int[] shape() {
    return shape;
  }

  /** Names of the label columns. */
  List<String> labelNames() {
    return IntStream.of(labels).mapToObj(names::get).toList();
  }

  /** Number of rows read so far. */
  int rows() {
    return rows;
  }

  /** Moves to the next row; false at the end. */
  boolean next() {
    row = pushedBack != null ? pushedBack : nextRecord();
    pushedBack = null;
    if (row == null) {
      return false;
    }
    if (row.size() != names.size()) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "%,d values, but %s has %,d columns.%s",
              row.size(),
              parser.getRecordNumber() > rows + 1 ? "the header" : "the first line",
              names.size(),
              row.size() < names.size()
                  ? " Fill in what is missing."
                  : " Quote values that contain the delimiter."));
    }
    if (rows == Integer.MAX_VALUE) {
      throw wrong("more than 2^31 rows. Split the file.");
    }
    rows++;
    return true;
  }

  /** Moves forward to the row at {@code position}, counted from 0. */
  void skipTo(int position) {
    if (position < rows) {
      throw new IllegalArgumentException("positions are not ascending: " + position);
    }
    while (rows <= position) {
      if (!next()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: has %,d examples, no position %,d (counted from 0).",
                file.name(),
                rows,
                position));
      }
    }
  }

  private CSVRecord nextRecord() {
    try {
      limit.restart();
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw unreadable(e.getCause());
    } catch (IllegalStateException e) {
      throw unreadable(new IOException(e.getMessage(), e));
    }
  }

  private RuntimeException unreadable(IOException e) {
    if (e instanceof CharacterCodingException) {
      return new InputException(
          String.format(
              Locale.ROOT,
              "%s line %,d or later: is not UTF-8 text. Convert the file, for example with iconv.",
              file.name(),
              parser.getCurrentLineNumber() + 1),
          e);
    }
    if (e instanceof ZipException || e instanceof EOFException) {
      return damaged(file, e);
    }
    if (e instanceof CSVException) {
      return new InputException(
          String.format(
              Locale.ROOT,
              "%s line %,d: the quotes do not match (%s). A quote within quotes is written twice.",
              file.name(),
              parser.getCurrentLineNumber(),
              e.getMessage()),
          e);
    }
    return new UncheckedIOException(e);
  }

  private static InputException damaged(DataFile file, IOException cause) {
    return new InputException(
        file.name() + ": cut short or damaged (" + cause.getMessage() + "). Get it again.", cause);
  }

  /** Copies the features of this row to {@code target}. */
  void features(float[] target, int offset) {
    for (int i = 0; i < features.length; i++) {
      target[offset + i] = number(features[i]);
    }
  }

  /** Copies the numbers to be predicted of this row to {@code target}. */
  void targets(float[] target, int offset) {
    for (int i = 0; i < labels.length; i++) {
      target[offset + i] = number(labels[i]);
    }
  }

  /** The class named in this row. */
  String label() {
    String value = row.get(labels[0]);
    if (value.isEmpty()) {
      throw wrong(
          String.format(Locale.ROOT, "column %s: the label is empty.", describe(labels[0])));
    }
    return value;
  }

  /** The number of the class named in this row. */
  int classIn(Map<String, Integer> classes) {
    Integer number = classes.get(label());
    if (number == null) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "column %s: label '%s' is not among the classes %s.",
              describe(labels[0]),
              shortened(label()),
              Labels.abbreviate(
                  classes.entrySet().stream()
                      .sorted(Map.Entry.comparingByValue())
                      .map(Map.Entry::getKey)
                      .toList())));
    }
    return number;
  }

  private float number(int column) {
    String value = row.get(column);
    if (!isNumber(value)) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "column %s: %s.",
              describe(column),
              value.isEmpty()
                  ? "empty, where a number must be. Nothing is filled in: mend or remove the"
                      + " row"
                  : "'" + shortened(value) + "' is not a number. " + remedy(value)));
    }
    float number = Float.parseFloat(value);
    if (Float.isInfinite(number)) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "column %s: %s is too large for a 32-bit number. Scale the column.",
              describe(column),
              shortened(value)));
    }
    return number;
  }

  private static String remedy(String value) {
    return value.matches("-?\\d+,\\d+")
        ? "Decimals are written with a point"
        : "Mend the value, or choose the feature columns";
  }

  /** Decimal numbers only; Java would also take {@code 1f}, {@code 0x1p3} and {@code NaN}. */
  static boolean isNumber(String text) {
    int at = 0;
    int end = text.length();
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int whole = digits(text, at);
    at += whole;
    int fraction = 0;
    if (at < end && text.charAt(at) == '.') {
      fraction = digits(text, at + 1);
      at += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      int exponent = digits(text, at);
      if (exponent == 0) {
        return false;
      }
      at += exponent;
    }
    return at == end;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  private static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "...";
  }

  private String describe(int column) {
    String name = names.get(column);
    return name.equals(String.valueOf(column)) ? name : "'" + name + "'";
  }

  /** An error about this row, or the file if none is open: its place, then what is wrong. */
  InputException wrong(String problem) {
    return new InputException(
        row == null
            ? file.name() + ": " + problem
            : String.format(Locale.ROOT, "%s line %,d: %s", file.name(), line(), problem));
  }

  /** First line of the current row, counted from 1 as editors do. */
  private long line() {
    long within =
        row.stream().flatMapToInt(String::chars).filter(character -> character == '\n').count();
    return Math.max(1, parser.getCurrentLineNumber() - within);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** Skips the byte order mark of spreadsheets and stops a row from filling the memory. */
  private static final class RowLimit extends FilterReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final DataFile file;
    private long characters;
    private boolean started;

    RowLimit(Reader in, DataFile file) {
      super(in);
      this.file = file;
    }

    void restart() {
      characters = 0;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      if (!started && read > 0) {
        started = true;
        if (target[offset] == BYTE_ORDER_MARK) {
          read--;
          System.arraycopy(target, offset + 1, target, offset, read);
          return read > 0 ? read : read(target, offset, length);
        }
      }
      characters += Math.max(read, 0);
      if (characters > MAX_ROW_CHARACTERS) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: a row is longer than %,d characters; probably a quote is never closed.",
                file.name(),
                MAX_ROW_CHARACTERS));
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      char[] one = new char[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }
  }
}
