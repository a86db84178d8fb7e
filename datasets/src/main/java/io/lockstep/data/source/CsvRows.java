package io.lockstep.data.source;

import io.lockstep.data.CsvOptions;
import io.lockstep.data.file.Packing;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Rows of text, one after the other; what is wrong with the text is kept as a problem, and ends it.
 * Lines of blanks are no rows. Not thread-safe.
 */
final class CsvRows implements AutoCloseable {
  /** A longer row is a quote that was never closed. */
  private static final int MAX_ROW_CHARACTERS = 1 << 26;

  private static final Pattern OPEN_QUOTE = Pattern.compile("\\(startline ([\\d,.\\s]+)\\) EOF");

  private final CSVParser parser;
  private final RowLimit limit;
  private final Iterator<CSVRecord> records;
  private CSVRecord row;
  private long openQuote; // line, 0 if there is none
  private SplitReport.Problem problem;

  CsvRows(InputStream in, CsvOptions options) throws IOException {
    limit = new RowLimit(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    CSVFormat format =
        CSVFormat.Builder.create()
            .setDelimiter(options.delimiter())
            .setQuote('"')
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    parser = CSVParser.builder().setReader(limit).setFormat(format).get();
    records = parser.iterator();
  }

  /** Moves to the next row; false at the end, or at a problem. */
  boolean next() {
    do {
      row = read();
    } while (row != null && row.size() == 1 && row.get(0).isBlank());
    return row != null;
  }

  private CSVRecord read() {
    if (problem != null || openQuote != 0) {
      return null;
    }
    try {
      limit.restart();
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      failed(e.getCause());
    } catch (IllegalStateException e) {
      failed(new IOException(e.getMessage(), e));
    }
    return null;
  }

  private void failed(IOException e) {
    Matcher quote = OPEN_QUOTE.matcher(String.valueOf(e.getMessage()));
    if (quote.find()) {
      openQuote = Long.parseLong(quote.group(1).replaceAll("\\D", ""));
      return;
    }
    if (e instanceof TooLong) {
      openQuote = lines() + 1;
      return;
    }
    if (e instanceof CharacterCodingException) {
      problem(
          lines() + 1, "or later: is not UTF-8 text. Convert the file, for example with iconv.");
      return;
    }
    if (Packing.isDamage(e)) {
      problem(0, "cut short or damaged (" + e.getMessage() + "). Get it again.");
      return;
    }
    if (e instanceof CSVException) {
      problem(
          lines(),
          "the quotes do not match (%s). A quote within quotes is written twice."
              .formatted(e.getMessage()));
      return;
    }
    throw new UncheckedIOException(e);
  }

  private void problem(long line, String message) {
    problem = new SplitReport.Problem(line, "", message);
  }

  /** Values of this row. */
  int size() {
    return row.size();
  }

  /** One value of this row, without blanks around it. */
  String value(int column) {
    return row.get(column);
  }

  /** All values of this row. */
  CSVRecord row() {
    return row;
  }

  /** Lines read so far. */
  long lines() {
    return parser.getCurrentLineNumber();
  }

  /** First line of the current row, counted from 1 as editors do. */
  long line() {
    long within =
        row.stream().flatMapToInt(String::chars).filter(character -> character == '\n').count();
    return Math.max(1, lines() - within);
  }

  /** Line on which a quote begins that is never closed, 0 if there is none. */
  long openQuote() {
    return openQuote;
  }

  /** What ended the rows before their end, null if nothing. */
  SplitReport.Problem problem() {
    return problem;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** A row that would fill the memory. */
  private static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super(String.format(Locale.ROOT, "a row is longer than %,d characters", MAX_ROW_CHARACTERS));
    }
  }

  /** Skips the byte order mark of spreadsheets and stops a row from filling the memory. */
  private static final class RowLimit extends FilterReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private long characters;
    private boolean started;

    RowLimit(Reader in) {
      super(in);
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
        throw new TooLong();
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
