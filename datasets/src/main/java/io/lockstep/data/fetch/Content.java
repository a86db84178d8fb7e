package io.lockstep.data.fetch;

import io.lockstep.data.fetch.DataSet.RemoteFile;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Compares what is within a file with what should be. */
final class Content {
  private static final int BUFFER = 1 << 16;

  private Content() {}

  /** Returns what is wrong with the file at {@code path}; empty if its content is right. */
  static Optional<String> fault(FileSystem files, Path path, RemoteFile expected)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    long bytes;
    try (InputStream raw = files.open(path);
        InputStream in = Packing.unpacked(raw)) {
      bytes = digest(in, digest, expected.unpackedBytes());
    } catch (ZipException | EOFException e) {
      return Optional.of("its gzip content is damaged or cut short");
    }
    if (bytes > expected.unpackedBytes()) {
      return Optional.of(
          String.format(
              Locale.ROOT, "it holds more than the %,d bytes expected", expected.unpackedBytes()));
    }
    String found = Sha256.hex(digest);
    if (!found.equals(expected.sha256())) {
      return Optional.of(
          "the SHA-256 of its content is " + found + ", expected " + expected.sha256());
    }
    return Optional.empty();
  }

  /** Digests at most one byte more than {@code limit}, so that a bomb costs nothing. */
  private static long digest(InputStream in, MessageDigest digest, long limit) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    while (bytes <= limit) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, limit + 1 - bytes));
      if (read < 0) {
        break;
      }
      digest.update(buffer, 0, read);
      bytes += read;
    }
    return bytes;
  }
}
