package io.lockstep.data.source.csv;

import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows of text, one after the other; what is wrong with the text is kept as a problem, and ends it,
 * unless it is wrong with one row alone and the caller passes over that. Lines of blanks are no
 * rows. Not thread-safe.
 *
 * <p>Why not a library: the parsers for Java make a string of every value first, so that reading
 * numbers costs several times what it must; they lose the line on which a quote begins; and they
 * forgive quotes that do not match. Here a row stays bytes. One pass over it finds where its values
 * lie; a row with a quote, and only that, goes through a second, careful pass.
 *
 * <p>The grammar is RFC 4180's, with these freedoms: lines end with LF, CRLF or CR; blanks around
 * values and around quotes do no harm; a quote within an unquoted value is an ordinary character. A
 * {@link CsvDialect} may have other marks.
 */
public final class CsvRows implements AutoCloseable {
  /** A longer row is a quote that was never closed, or no table. */
  private static final int MAX_ROW_BYTES = 1 << 26;

  private static final int FIRST_BUFFER = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  // Kinds of bytes; all that need no look are 0.
  private static final byte DELIMITER = 1;
  private static final byte LINE_END = 2;
  private static final byte QUOTE = 3;
  private static final byte BEYOND_ASCII = 4;

  private final InputStream in;
  private final TextEncoding encoding;
  private final byte[] delimiter; // a blank for runs of blanks
  private final boolean blanks; // runs of them are the delimiter
  private final byte quote; // -1 for none, which no byte of text is
  private final byte[] comment;
  private final NumberMarks numbers;
  private final byte[] kinds = new byte[256];

  private byte[] buffer;
  private int from; // of the row that is looked for
  private int end; // of the bytes that are there
  private boolean last; // nothing follows them
  private int next; // where the row after this one begins

  private int size; // values of this row
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private boolean[] doubled = new boolean[64]; // holds quotes that are written twice
  private boolean beyondAscii;

  private long moved; // bytes that were let go before the buffer's beginning
  private long lines; // that ended before `next`
  private long line; // of this row
  private long openQuote; // line, 0 if there is none
  private SplitReport.Problem problem;
  private Fault fault; // of this row alone, if that is the problem; else null
  private int unread; // where the rest begins of a row whose quotes do not match

  public CsvRows(InputStream in, char delimiter) throws IOException {
    this(in, TextEncoding.UTF_8, delimiter);
  }

  /**
   * @param in UTF-8
   * @param encoding the file's own, for messages
   */
  public CsvRows(InputStream in, TextEncoding encoding, char delimiter) throws IOException {
    this(in, encoding, CsvDialect.of(delimiter));
  }

  /**
   * @param in UTF-8
   * @param encoding the file's own, for messages
   * @param dialect of the rows; lines are not skipped and nothing is missing here
   */
  public CsvRows(InputStream in, TextEncoding encoding, CsvDialect dialect) throws IOException {
    this(in, encoding, dialect, FIRST_BUFFER);
  }

  /** Begins with a buffer of another size, at least 4 bytes, for tests. */
  public CsvRows(InputStream in, CsvOptions options, int bytes) throws IOException {
    this(in, TextEncoding.UTF_8, options.dialect(), bytes);
  }

  private CsvRows(InputStream in, TextEncoding encoding, CsvDialect dialect, int bytes)
      throws IOException {
    this.in = in;
    this.encoding = encoding;
    buffer = new byte[bytes];
    blanks = dialect.blanks();
    delimiter = (blanks ? " " : dialect.delimiter()).getBytes(StandardCharsets.UTF_8);
    quote = dialect.quote().isEmpty() ? -1 : (byte) dialect.quote().charAt(0);
    comment = dialect.comment().getBytes(StandardCharsets.UTF_8);
    numbers = dialect.numbers();
    for (int i = 128; i < 256; i++) {
      kinds[i] = BEYOND_ASCII;
    }
    kinds['\n'] = LINE_END;
    kinds['\r'] = LINE_END;
    if (quote > 0) {
      kinds[quote] = QUOTE;
    }
    kinds[delimiter[0] & 0xFF] = DELIMITER;
    if (blanks) {
      kinds['\t'] = DELIMITER;
    }
    fill();
    if (end >= 3 && Arrays.equals(buffer, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
      next = 3;
    }
  }

  /** Moves to the next row; false at the end, or at a problem. */
  public boolean next() {
    try {
      do {
        if (!read()) {
          return false;
        }
      } while (size == 0 || (size == 1 && value(0).isBlank()));
    } catch (IOException e) {
      failed(e);
      return false;
    }
    if (beyondAscii && !isText()) {
      problem(
          line,
          encoding.isUtf8()
              ? "is not UTF-8 text. Name its encoding (textCsv, series and sequences have the key,"
                  + " such as encoding: latin-1), or convert the file, for example with iconv."
              : "is not %s text. Name another encoding.".formatted(encoding.charset()));
      fault = Fault.NOT_TEXT;
      unread = -1;
      return false;
    }
    return true;
  }

  /** Passes over lines, whatever stands in them. */
  public void skip(int count) {
    try {
      for (int i = 0; i < count && !(next == end && last); i++) {
        skipLine();
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  /** What is wrong with the row that ended the rows, if it is wrong with that one alone. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /** Passes over the row that has a {@link #fault}: the rows go on after it. */
  public void pass() {
    problem = null;
    fault = null;
    if (unread < 0) {
      return;
    }
    next = unread;
    try {
      skipLine();
    } catch (IOException e) {
      failed(e);
    }
  }

  /** Reads to the end of the line that {@code next} is in. */
  private void skipLine() throws IOException {
    while (true) {
      from = next;
      while (next < end && buffer[next] != '\n' && buffer[next] != '\r') {
        next++;
      }
      if (next < end && endLine(next) == Scan.ROW) {
        return;
      }
      if (last && next == end) {
        lines++;
        return;
      }
      from = next; // what was looked at is let go
      int length = end - from;
      System.arraycopy(buffer, from, buffer, 0, length);
      moved += from;
      from = 0;
      next = 0;
      end = length;
      fill();
    }
  }

  /** Passes over lines that are comments. */
  private void skipComments() throws IOException {
    while (true) {
      from = next;
      while (end - from < comment.length && !last) {
        more();
        next = from;
      }
      if (end - from < comment.length
          || !Arrays.equals(buffer, from, from + comment.length, comment, 0, comment.length)) {
        return;
      }
      skipLine();
    }
  }

  private void failed(IOException e) {
    if (!Packing.isDamage(e)) {
      throw new UncheckedIOException(e);
    }
    problem(0, "cut short or damaged (" + e.getMessage() + "). Get it again.");
  }

  private void problem(long at, String message) {
    problem = new SplitReport.Problem(at, "", message);
  }

  /** Finds the values of the next row; false if there is none. */
  private boolean read() throws IOException {
    if (problem != null || openQuote != 0) {
      return false;
    }
    if (comment.length > 0) {
      skipComments();
    }
    from = next;
    line = lines + 1;
    while (!(from == end && last)) {
      switch (scan()) {
        case ROW -> {
          return true;
        }
        case STOP -> {
          return false;
        }
        case MORE -> {
          if (!more()) {
            return false;
          }
        }
      }
    }
    return false;
  }

  private enum Scan {
    /** The row is whole. */
    ROW,
    /** It goes on behind the buffer's end. */
    MORE,
    /** There is a problem. */
    STOP
  }

  /** Makes room behind the row's beginning and fills it; false if the row is too long. */
  private boolean more() throws IOException {
    int length = end - from;
    if (length > MAX_ROW_BYTES) {
      String message = String.format(Locale.ROOT, "a row is longer than %,d bytes.", MAX_ROW_BYTES);
      problem(line, message + " Is it a table, with a line for each example?");
      return false;
    }
    byte[] target = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, from, target, 0, length);
    buffer = target;
    moved += from;
    from = 0;
    end = length;
    fill();
    return true;
  }

  private void fill() throws IOException {
    while (end < buffer.length && !last) {
      int read = in.read(buffer, end, buffer.length - end);
      last = read < 0;
      end += Math.max(0, read);
    }
  }

  /** The quick pass: no quotes. */
  private Scan scan() {
    byte[] bytes = buffer;
    byte[] kind = kinds;
    int stop = end;
    int start = from;
    int at = from;
    size = 0;
    beyondAscii = false;
    for (; at < stop; at++) {
      switch (kind[bytes[at] & 0xFF]) {
        case 0 -> {}
        case DELIMITER -> {
          if (delimiter.length == 1) {
            unquoted(start, at);
            start = at + 1;
          } else {
            beyondAscii |= delimiter[0] < 0;
            if (at + delimiter.length > stop && !last) {
              return Scan.MORE;
            }
            if (isDelimiter(at)) {
              unquoted(start, at);
              at += delimiter.length - 1;
              start = at + 1;
            }
          }
        }
        case LINE_END -> {
          unquoted(start, at);
          return endLine(at);
        }
        case QUOTE -> {
          return scanQuoted();
        }
        default -> beyondAscii = true;
      }
    }
    if (!last) {
      return Scan.MORE;
    }
    unquoted(start, at);
    next = at;
    lines++;
    return Scan.ROW;
  }

  /** The careful pass, from the row's beginning on. */
  private Scan scanQuoted() {
    size = 0;
    long breaks = 0;
    int at = from;
    while (true) {
      int start = at;
      while (at < end && isBlank(buffer[at])) {
        at++;
      }
      if (at < end && buffer[at] == quote) {
        start = at + 1;
        long begins = line + breaks;
        boolean twice = false;
        for (at = start; ; at++) {
          if (at + 1 >= end && !last) {
            return tooLongQuote(begins);
          }
          if (at >= end) {
            openQuote = begins;
            return Scan.STOP;
          }
          byte value = buffer[at];
          if (value == quote) {
            if (at + 1 >= end || buffer[at + 1] != quote) {
              break;
            }
            twice = true;
            at++;
          } else if (value == '\n'
              || (value == '\r' && (at + 1 >= end || buffer[at + 1] != '\n'))) {
            breaks++;
          } else if (value < 0) {
            beyondAscii = true;
          }
        }
        add(start, at, twice);
        at++;
        while (at < end && isBlank(buffer[at])) {
          at++;
        }
        if (at + delimiter.length >= end && !last) {
          return Scan.MORE;
        }
        if (at < end && !isDelimiter(at) && buffer[at] != '\n' && buffer[at] != '\r') {
          problem(
              line + breaks,
              "the quotes do not match: something follows a quote that ends a value. A quote"
                  + " within quotes is written twice.");
          fault = Fault.QUOTES;
          unread = at;
          lines += breaks;
          return Scan.STOP;
        }
      } else {
        while (at < end && !isDelimiter(at) && buffer[at] != '\n' && buffer[at] != '\r') {
          beyondAscii |= buffer[at] < 0;
          at++;
        }
        if (at + delimiter.length >= end && !last) {
          return Scan.MORE;
        }
        unquoted(start, at);
      }
      if (at < end && isDelimiter(at)) {
        at += delimiter.length;
        continue;
      }
      lines += breaks;
      if (at >= end) {
        next = at;
        lines++;
        return Scan.ROW;
      }
      Scan ended = endLine(at);
      if (ended == Scan.MORE) {
        lines -= breaks;
      }
      return ended;
    }
  }

  /** Asks for more, unless the row is too long already: then the quote is never closed. */
  private Scan tooLongQuote(long begins) {
    if (end - from <= MAX_ROW_BYTES) {
      return Scan.MORE;
    }
    openQuote = begins;
    return Scan.STOP;
  }

  private Scan endLine(int at) {
    if (buffer[at] == '\r') {
      if (at + 1 >= end && !last) {
        return Scan.MORE;
      }
      next = at + (at + 1 < end && buffer[at + 1] == '\n' ? 2 : 1);
    } else {
      next = at + 1;
    }
    lines++;
    return Scan.ROW;
  }

  private boolean isDelimiter(int at) {
    if (buffer[at] != delimiter[0]) {
      return blanks && buffer[at] == '\t';
    }
    return delimiter.length == 1
        || (at + delimiter.length <= end
            && Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length));
  }

  private boolean isBlank(byte value) {
    return (value == ' ' || value == '\t' || value == '\f' || value == 0x0B)
        && value != delimiter[0]
        && !(blanks && value == '\t');
  }

  private void unquoted(int start, int stop) {
    int first = start;
    int behind = stop;
    while (first < behind && buffer[first] <= ' ' && isBlank(buffer[first])) {
      first++;
    }
    while (first < behind && buffer[behind - 1] <= ' ' && isBlank(buffer[behind - 1])) {
      behind--;
    }
    if (!blanks || first < behind) { // between two blanks is nothing
      add(first, behind, false);
    }
  }

  private void add(int start, int stop, boolean twice) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      doubled = Arrays.copyOf(doubled, 2 * size);
    }
    starts[size] = start;
    ends[size] = stop;
    doubled[size++] = twice;
  }

  private boolean isText() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, next - from));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Values of this row. */
  public int size() {
    return size;
  }

  /** One value of this row, without blanks around it. */
  public String value(int column) {
    int start = starts[column];
    String text = new String(buffer, start, ends[column] - start, StandardCharsets.UTF_8);
    String mark = String.valueOf((char) quote);
    return doubled[column] ? text.replace(mark + mark, mark) : text;
  }

  /** One value of this row as a number; NaN if it is none. */
  public double number(int column) {
    return numbers.parse(buffer, starts[column], ends[column]);
  }

  /** Makes this row {@code width} values long: cut, if no value is lost by that, or filled up. */
  void resize(int width) {
    while (size > width && starts[size - 1] == ends[size - 1]) {
      size--;
    }
    while (size < width) {
      add(from, from, false);
    }
  }

  /** All values of this row. */
  public List<String> values() {
    return IntStream.range(0, size).mapToObj(this::value).toList();
  }

  /** This row as it stands in the file, or the beginning of one that has a {@link #fault}. */
  public String text() {
    int stop = fault == Fault.QUOTES ? unread : next;
    while (fault == Fault.QUOTES && stop < end && buffer[stop] != '\n' && buffer[stop] != '\r') {
      stop++; // as much of the line as is at hand
    }
    while (stop > from && (buffer[stop - 1] == '\n' || buffer[stop - 1] == '\r')) {
      stop--;
    }
    return new String(buffer, from, stop - from, StandardCharsets.UTF_8);
  }

  /** Where this row begins, in bytes of UTF-8 from the beginning of what is read. */
  long position() {
    return moved + from;
  }

  /** Lines read so far. */
  public long lines() {
    return lines;
  }

  /** First line of the current row, counted from 1 as editors do. */
  public long line() {
    return line;
  }

  /** Line on which a quote begins that is never closed, 0 if there is none. */
  public long openQuote() {
    return openQuote;
  }

  /** What ended the rows before their end, null if nothing. */
  public SplitReport.Problem problem() {
    return problem;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
