package io.lockstep.data.source.text;

import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.SplitReport;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Lines of a text, one after the other; what is wrong with the text is kept as a problem, and ends
 * it, unless it is wrong with one line alone and the caller passes over that. Lines end with LF or
 * CRLF. Not thread-safe.
 *
 * <p>Or pieces of it, for text that need not have lines: a line with its end, which is LF then; of
 * a line that is longer than 64 KiB a part that ends with a blank, or, if it has none, before a
 * character that goes together with none before it. So the pieces are the same wherever the text
 * before was cut into lines, and standardising them one by one is standardising the whole.
 */
public final class TextLines implements Closeable {
  private static final int MAX_LINE_BYTES = 1 << 26;
  private static final int PIECE_BYTES = 1 << 16;
  private static final int LONGEST_CHARACTER = 4;
  private static final int FIRST_BUFFER = 1 << 18;

  private final InputStream in;
  private final TextEncoding encoding;
  private final boolean pieces;

  private byte[] buffer = new byte[FIRST_BUFFER];
  private int next; // where the next line or piece begins
  private int end; // of the bytes that are there
  private boolean last; // nothing follows them
  private long lines; // that ended
  private long line; // of the current text
  private String text;
  private SplitReport.Problem problem;
  private Fault fault; // of this line alone, if that is the problem; else null

  /**
   * @param in UTF-8
   * @param encoding the file's own, for messages
   * @param start whether it is the beginning of a file, where a byte order mark may stand
   */
  private TextLines(InputStream in, TextEncoding encoding, boolean start, boolean pieces) {
    this.in = in;
    this.encoding = encoding;
    this.pieces = pieces;
    if (start && fill() && end >= 3 && buffer[0] == (byte) 0xEF) {
      next = buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF ? 3 : 0;
    }
  }

  /** Lines without their ends. */
  public static TextLines lines(InputStream in, TextEncoding encoding, boolean start)
      throws IOException {
    return new TextLines(encoding.utf8(in), encoding, start, false);
  }

  /** Pieces. */
  public static TextLines pieces(InputStream in, TextEncoding encoding, boolean start)
      throws IOException {
    return new TextLines(encoding.utf8(in), encoding, start, true);
  }

  /** Moves to the next line or piece; false at the end, or at a problem. */
  public boolean next() {
    if (problem != null) {
      return false;
    }
    line = lines + 1;
    int looked = 0; // bytes from next on that are no line feed
    while (true) {
      int feed = next + looked;
      while (feed < end && buffer[feed] != '\n') {
        feed++;
      }
      if (pieces && feed - next >= PIECE_BYTES + LONGEST_CHARACTER) {
        return take(cut(), false);
      }
      if (feed < end) {
        return take(feed + 1, true);
      }
      if (last) {
        return next < end && take(end, true);
      }
      looked = end - next;
      if (looked > MAX_LINE_BYTES) {
        problem(
            String.format(Locale.ROOT, "a line is longer than %,d bytes.", MAX_LINE_BYTES)
                + " Is it text, with a line for each example?");
        return false;
      }
      if (!fill()) {
        return false;
      }
    }
  }

  /** Makes room and fills it; false at a problem. */
  private boolean fill() {
    int length = end - next;
    byte[] target = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, next, target, 0, length);
    buffer = target;
    next = 0;
    end = length;
    try {
      while (end < buffer.length && !last) {
        int read = in.read(buffer, end, buffer.length - end);
        last = read < 0;
        end += Math.max(0, read);
      }
      return true;
    } catch (IOException e) {
      if (!Packing.isDamage(e)) {
        throw new java.io.UncheckedIOException(e);
      }
      problem =
          new SplitReport.Problem(
              0, "", "cut short or damaged (" + e.getMessage() + "). Get it again.");
    }
    return false;
  }

  /** Where a piece of a line ends that is longer than one. */
  private int cut() {
    for (int at = next + PIECE_BYTES - 1; at > next; at--) {
      if (buffer[at] == ' ' || buffer[at] == '\t') {
        return at + 1;
      }
    }
    for (int at = next + PIECE_BYTES - 1; at > next; at--) {
      if ((buffer[at] & 0xC0) != 0x80 && !joins(at)) {
        return at;
      }
    }
    return next + PIECE_BYTES; // nothing but marks: no text
  }

  /** Whether the character at {@code at} may become one with those before it. */
  private boolean joins(int at) {
    String text =
        new String(buffer, at, Math.min(LONGEST_CHARACTER, end - at), StandardCharsets.UTF_8);
    int character = text.codePointAt(0);
    int type = Character.getType(character);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || (character >= 0x1160 && character < 0x1200); // second and third letters of Korean
  }

  private boolean take(int to, boolean ends) {
    int from = next;
    next = to;
    lines += ends ? 1 : 0;
    boolean feed = ends && to > from && buffer[to - 1] == '\n';
    int stop = feed ? to - 1 : to;
    if (feed && stop > from && buffer[stop - 1] == '\r') {
      stop--;
    }
    text = new String(buffer, from, stop - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0 && !isText(from, stop)) {
      notText();
      return false;
    }
    if (pieces && feed) {
      text += '\n';
    }
    return true;
  }

  private boolean isText(int from, int to) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, to - from));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private void notText() {
    problem(notText(encoding));
    fault = Fault.NOT_TEXT;
  }

  /** What is wrong with the line that ended the lines, if it is wrong with that one alone. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /** Passes over the line that has a {@link #fault}: the lines go on after it. */
  public void pass() {
    problem = null;
    fault = null;
  }

  /** What to say of bytes that are no characters. */
  static String notText(TextEncoding encoding) {
    return encoding.isUtf8()
        ? "is not UTF-8 text. Name its encoding, such as encoding: latin-1, or convert it, for"
            + " example with iconv."
        : "is not %s text. Name another encoding.".formatted(encoding.charset());
  }

  private void problem(String message) {
    problem = new SplitReport.Problem(line, "", message);
  }

  /** The current line or piece. */
  public String text() {
    return text;
  }

  /** Number of the line that it is, or is part of, from 1. */
  public long line() {
    return line;
  }

  /** Lines read so far. */
  public long lines() {
    return lines;
  }

  /** What ended the lines before their end, null if nothing. */
  public SplitReport.Problem problem() {
    return problem;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
