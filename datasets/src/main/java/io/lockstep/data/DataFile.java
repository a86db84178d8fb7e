package io.lockstep.data;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * A file to read from: on any Hadoop file system, or shipped within the jar.
 *
 * <p>Gzip is recognised by its first bytes, never by the name, and undone while reading.
 */
final class DataFile {
  private static final int BUFFER = 1 << 16;

  /** Deflate cannot shrink anything further than this; what claims to be larger, lies. */
  private static final long MAX_GZIP_RATIO = 1032;

  private interface Opener {
    InputStream open() throws IOException;
  }

  private final String name;
  private final long length;
  private final Opener opener;

  private DataFile(String name, long length, Opener opener) {
    this.name = name;
    this.length = length;
    this.opener = opener;
  }

  /**
   * Finds a file.
   *
   * @param path with a scheme such as {@code hdfs:}, absolute, or relative to where {@code hadoop}
   *     says (the working directory for local files)
   * @throws InputException if there is no such file
   */
  static DataFile of(Configuration hadoop, String path) throws IOException {
    FileSystem files;
    Path where;
    FileStatus status;
    try {
      where = new Path(path);
      files = where.getFileSystem(hadoop);
      where = files.makeQualified(where);
      status = files.getFileStatus(where);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw missing(hadoop, path, e);
    } catch (UnsupportedFileSystemException e) {
      throw new InputException(
          path
              + ": this Hadoop has no file system for its scheme. Use file:, hdfs: or a plain path,"
              + " or put the connector on the class path.",
          e);
    } catch (AccessControlException e) {
      throw unreadable(path, e);
    } catch (IllegalArgumentException e) {
      throw new InputException(path + ": not a path. " + reason(e), e);
    }
    if (status.isDirectory()) {
      throw new InputException(path + ": is a folder, name a file in it.");
    }
    FileSystem opened = files;
    Path qualified = where;
    return new DataFile(
        path,
        status.getLen(),
        () -> {
          try {
            return opened.open(qualified);
          } catch (FileNotFoundException e) {
            // Local files that exist but may not be read end here too.
            throw unreadable(path, e);
          } catch (AccessControlException e) {
            throw unreadable(path, e);
          }
        });
  }

  /**
   * Parses a path.
   *
   * @throws InputException if it is none
   */
  static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new InputException("'" + text + "': not a path. " + e.getMessage(), e);
    }
  }

  /** Names a file in the jar, beside the classes of this package. */
  static DataFile resource(String resource) {
    byte[] bytes;
    try (InputStream in = DataFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from this build");
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(resource + " in this build is damaged", e);
    }
    return new DataFile(
        "embedded " + resource, bytes.length, () -> new java.io.ByteArrayInputStream(bytes));
  }

  private static InputException missing(Configuration hadoop, String path, IOException cause)
      throws IOException {
    Path where = new Path(path);
    FileSystem files = where.getFileSystem(hadoop);
    Path looked = files.makeQualified(where);
    String place = looked.toString().equals(path) ? "" : " (looked at " + looked + ")";
    return new InputException(path + ": no such file" + place + ". " + remedy(where, files), cause);
  }

  private static String remedy(Path path, FileSystem files) {
    if (!path.isAbsolute()) {
      return "Correct the path: it is taken relative to "
          + files.getWorkingDirectory()
          + " (the working directory, not the folder of the plan); or give an absolute one.";
    }
    if (path.toUri().getScheme() == null) {
      return "Correct the path: one without a scheme such as hdfs: or file: is on "
          + files.getUri()
          + ".";
    }
    return "Correct the path.";
  }

  private static InputException unreadable(String path, IOException cause) {
    return new InputException(
        path + ": may not be read by this user. " + cause.getMessage(), cause);
  }

  private static String reason(IllegalArgumentException e) {
    return e.getCause() instanceof UnknownHostException unknown
        ? "Unknown host " + unknown.getMessage() + "."
        : e.getMessage();
  }

  /** The name to use in messages: what the user wrote. */
  String name() {
    return name;
  }

  /** Bytes as stored, compressed or not. */
  long length() {
    return length;
  }

  /** Opens the file's content, unpacked if it is gzip; the caller closes it. */
  Content open() throws IOException {
    InputStream raw = opener.open();
    try {
      BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
      buffered.mark(2);
      boolean gzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
      buffered.reset();
      if (!gzip) {
        return new Content(buffered, length, true);
      }
      long atMost = length > Long.MAX_VALUE / MAX_GZIP_RATIO ? length : length * MAX_GZIP_RATIO;
      return new Content(
          new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER), atMost, false);
    } catch (IOException | RuntimeException e) {
      try {
        raw.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * The content of a file, open for reading.
   *
   * @param in skips cheaply in plain files
   * @param length bytes of content; if not {@code exact}, the most there can be
   * @param exact whether {@code length} is known; it is not for gzip
   */
  record Content(InputStream in, long length, boolean exact) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
