package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;

/**
 * How the bytes of a text file stand for characters.
 *
 * @param name as Java knows it, or Python: {@code utf-8}, {@code latin-1}, {@code windows-1252},
 *     {@code utf-16} (with a byte order mark)
 */
public record TextEncoding(String name) implements Serializable {
  /** What is taken if nothing else is said. */
  public static final TextEncoding UTF_8 = new TextEncoding("utf-8");

  /**
   * @throws InputException if this JVM does not know it
   */
  public TextEncoding {
    charset(name);
  }

  /** UTF-16 if a byte order mark says so, else UTF-8. */
  public static TextEncoding ofMark(byte[] start) {
    int first = start.length < 2 ? 0 : (start[0] & 0xFF) << 8 | (start[1] & 0xFF);
    return first == 0xFFFE || first == 0xFEFF ? new TextEncoding("utf-16") : UTF_8;
  }

  /** The JVM's charset of this encoding. */
  public Charset charset() {
    return charset(name);
  }

  private static Charset charset(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    for (String each : List.of(name, plain)) { // Python writes latin-1, Java latin1
      try {
        return Charset.forName(each);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        // tried under its other name, then refused
      }
    }
    throw new InputException(
        "encoding: is '%s', which is not known; there are utf-8, latin-1, windows-1252, utf-16 and many others"
            .formatted(name));
  }

  /** Whether it is UTF-8. */
  public boolean isUtf8() {
    return charset().equals(StandardCharsets.UTF_8);
  }

  /**
   * Whether a file can be cut at any line feed: its byte is one wherever it stands. True of UTF-8
   * and of encodings with one byte for a character.
   */
  public boolean cuttable() {
    Charset charset = charset();
    return isUtf8()
        || (charset.canEncode()
            && charset.newEncoder().maxBytesPerChar() == 1
            && "\n".getBytes(charset)[0] == '\n');
  }

  /**
   * The same text in UTF-8. What is UTF-8 already passes as it is, right or wrong.
   *
   * @param in at the beginning of a file, or of a line if the encoding is {@link #cuttable}; closed
   *     with what is returned
   * @return a stream in which bytes that are no character are bytes that are none in UTF-8 either
   */
  public InputStream utf8(InputStream in) throws IOException {
    return isUtf8() ? in : new TranscodedStream(in, charset());
  }
}
