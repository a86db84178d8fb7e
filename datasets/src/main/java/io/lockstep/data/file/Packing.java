package io.lockstep.data.file;

import com.github.luben.zstd.ZstdInputStream;
import io.lockstep.data.InputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;

/** How a file is packed; told by its first bytes, never by its name. */
public enum Packing {
  /** Not at all. */
  NONE(""),
  /** By gzip; several members in a row are one file. */
  GZIP("\u001F\u008B"),
  /** By bzip2. */
  BZIP2("BZh"),
  /** By Zstandard. */
  ZSTD("(\u00B5/\u00FD");

  /** As many first bytes as {@link #of} looks at. */
  public static final int SIGNATURE = 4;

  private static final int BUFFER = 1 << 16;

  private final String signature; // one character a byte

  Packing(String signature) {
    this.signature = signature;
  }

  /** Returns how a file that begins with these bytes is packed. */
  public static Packing of(byte[] start) {
    for (Packing packing : values()) {
      if (packing != NONE && packing.begins(start)) {
        return packing;
      }
    }
    return NONE;
  }

  private boolean begins(byte[] start) {
    if (start.length < signature.length()) {
      return false;
    }
    for (int i = 0; i < signature.length(); i++) {
      if ((start[i] & 0xFF) != signature.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the content of {@code raw}, unpacked if it is packed; closing it closes {@code raw}.
   *
   * @throws IOException {@link #isDamage} says whether the file is damaged or the reading failed
   */
  public static InputStream unpacked(InputStream raw) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
    buffered.mark(SIGNATURE);
    byte[] start = buffered.readNBytes(SIGNATURE);
    buffered.reset();
    return of(start).unpack(buffered);
  }

  /** Returns the content of {@code packed}, which is packed like this. */
  InputStream unpack(InputStream packed) throws IOException {
    return switch (this) {
      case NONE -> packed;
      case GZIP -> new GZIPInputStream(packed, BUFFER);
      case BZIP2 -> bzip2(packed);
      case ZSTD -> zstd(packed, in -> new ZstdInputStream(in).setContinuous(false));
    };
  }

  /** Hadoop's own, in Java: its native one is not everywhere. */
  private static InputStream bzip2(InputStream packed) throws IOException {
    Configuration java = new Configuration(false);
    java.set("io.compression.codec.bzip2.library", "java-builtin");
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(java);
    return codec.createInputStream(packed);
  }

  /** What unpacks a stream. */
  @FunctionalInterface
  interface Unpacker {
    InputStream unpack(InputStream packed) throws IOException;
  }

  /**
   * Zstandard's library is native.
   *
   * @throws InputException if it is not there for this machine
   */
  static InputStream zstd(InputStream packed, Unpacker library) throws IOException {
    try {
      return library.unpack(packed);
    } catch (LinkageError e) {
      throw new InputException(
          "is packed by zstd, whose native library cannot be loaded on this machine ("
              + e.getMessage()
              + "). Unpack the file first, or pack it by gzip.",
          e);
    }
  }

  /** Whether a failure means that the packed content is damaged or cut short. */
  public static boolean isDamage(IOException e) {
    return e instanceof ZipException
        || e instanceof EOFException
        || e instanceof com.github.luben.zstd.ZstdIOException
        || (e.getMessage() != null
            && (e.getMessage().contains("Truncated") // zstd
                || e.getMessage().contains("bad block header") // bzip2
                || e.getMessage().contains("crc error")
                || e.getMessage().contains("unexpected end of stream")));
  }

  /** The damage that a failure to open or read a file tells of, if it does. */
  public static Optional<IOException> damage(Exception e) {
    Throwable told = e instanceof InputException ? e.getCause() : e;
    return told instanceof IOException io && isDamage(io) ? Optional.of(io) : Optional.empty();
  }

  /** What to say of a damaged file. */
  public static InputException damaged(String file, IOException cause) {
    return new InputException(
        file + ": cut short or damaged (" + cause.getMessage() + "). Get it again.", cause);
  }
}
