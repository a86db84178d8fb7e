package io.lockstep.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text of any encoding as UTF-8, without a byte order mark. Bytes that are no character there
 * become {@link #NO_CHARACTER}, so that whoever looks for the line that is broken finds it where it
 * is, and may read on. Not thread-safe.
 */
final class TranscodedStream extends InputStream {
  /** A byte that UTF-8 has nowhere. */
  static final byte NO_CHARACTER = (byte) 0xFF;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final boolean utf16;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).limit(0);
  private final CharBuffer characters = CharBuffer.allocate(1 << 14);
  private byte[] ready = new byte[0];
  private int at;
  private boolean begun;
  private boolean ended;

  TranscodedStream(InputStream in, Charset charset) {
    this.in = in;
    utf16 = charset.name().startsWith("UTF-16");
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public int read() throws IOException {
    return fill() ? ready[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, ready.length - at);
    System.arraycopy(ready, at, target, offset, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    while (at == ready.length) {
      if (ended) {
        return false;
      }
      decode();
    }
    return true;
  }

  private void decode() throws IOException {
    bytes.compact();
    int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(0, read)).flip();
    CoderResult result = decoder.decode(bytes, characters, read < 0);
    boolean broken = result.isError();
    if (broken) {
      // Of UTF-16 Java takes the unit after half a pair for broken too; it may be a line's end.
      int length = utf16 ? Math.min(2, result.length()) : result.length();
      bytes.position(bytes.position() + length);
    } else if (read < 0 && result.isUnderflow()) {
      ended = true;
      decoder.flush(characters);
    }
    characters.flip();
    // Half a character stays until its other half has come.
    int whole = characters.limit();
    if (whole > 0 && Character.isHighSurrogate(characters.get(whole - 1)) && !ended && !broken) {
      whole--;
    }
    int from = !begun && whole > 0 && characters.get(0) == '\uFEFF' ? 1 : 0;
    begun |= whole > 0;
    ready = characters.subSequence(from, whole).toString().getBytes(StandardCharsets.UTF_8);
    if (broken) {
      ready = Arrays.copyOf(ready, ready.length + 1);
      ready[ready.length - 1] = NO_CHARACTER;
    }
    at = 0;
    characters.position(whole);
    characters.compact();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
