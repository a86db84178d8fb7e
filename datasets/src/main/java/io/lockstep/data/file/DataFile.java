package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file to read from: on any Hadoop file system, or shipped within the jar.
 *
 * @param name to use in messages: what the user wrote
 * @param location where it is for any process, a qualified path; or the name of a resource
 * @param length bytes as stored, packed or not
 */
public record DataFile(String name, String location, long length) {
  private static final String RESOURCE = "resource:";

  /** Deflate cannot shrink anything further than this; what claims to be larger, lies. */
  private static final long MAX_RATIO = 1032;

  /** Names a file in the jar, {@code resource} being an absolute name on the class path. */
  public static DataFile resource(String resource) {
    try (InputStream in = resourceStream(resource)) {
      String name = "embedded " + resource.replace("/io/lockstep/data/", "");
      return new DataFile(name, RESOURCE + resource, in.readAllBytes().length);
    } catch (IOException e) {
      throw new IllegalStateException(resource + " in this build is damaged", e);
    }
  }

  private static InputStream resourceStream(String resource) throws IOException {
    try (InputStream in = DataFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from this build");
      }
      return new ByteArrayInputStream(in.readAllBytes());
    }
  }

  /**
   * Opens the file as it is stored, at {@code position}; the caller closes it. Not buffered.
   *
   * @throws InputException if it may not be read, or has gone
   */
  public InputStream openRaw(Configuration hadoop, long position) throws IOException {
    if (location.startsWith(RESOURCE)) {
      InputStream in = resourceStream(location.substring(RESOURCE.length()));
      in.skipNBytes(position);
      return in;
    }
    FSDataInputStream in = open(hadoop);
    try {
      if (position > 0) {
        in.seek(position);
      }
      return in;
    } catch (IOException | RuntimeException e) {
      close(in, e);
      throw e;
    }
  }

  private FSDataInputStream open(Configuration hadoop) throws IOException {
    try {
      Path path = Locations.path(location);
      FileSystem files = Locations.system(hadoop, location);
      // The name of a check-sum file beside it would not be a path (HADOOP-7945).
      boolean colon = files instanceof LocalFileSystem && path.getName().indexOf(':') >= 0;
      return (colon ? ((LocalFileSystem) files).getRaw() : files).open(path);
    } catch (FileNotFoundException e) {
      // Local files that exist but may not be read end here too.
      throw new InputException(
          name
              + ": may not be read by this user, or is not there (any more). "
              + e.getMessage()
              + ". It must be where every executor can see it.",
          e);
    } catch (IOException | RuntimeException e) {
      throw Locations.translated(name, e);
    }
  }

  /** Opens the content, unpacked if it is packed; the caller closes it. */
  public Content openContent(Configuration hadoop) throws IOException {
    InputStream raw = openRaw(hadoop, 0);
    try {
      java.io.BufferedInputStream buffered = new java.io.BufferedInputStream(raw, 1 << 16);
      buffered.mark(Packing.SIGNATURE);
      Packing packing = Packing.of(buffered.readNBytes(Packing.SIGNATURE));
      buffered.reset();
      if (packing == Packing.NONE) {
        return new Content(buffered, length, true);
      }
      long most =
          packing != Packing.GZIP || length > Long.MAX_VALUE / MAX_RATIO
              ? Long.MAX_VALUE
              : length * MAX_RATIO;
      return new Content(
          new java.io.BufferedInputStream(packing.unpack(buffered), 1 << 16), most, false);
    } catch (IOException | RuntimeException e) {
      close(raw, e);
      if (e instanceof IOException io && Packing.isDamage(io)) {
        throw Packing.damaged(name, io);
      }
      if (e instanceof InputException) {
        throw new InputException(name + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static void close(InputStream in, Exception failure) {
    try {
      in.close();
    } catch (IOException suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  /**
   * The content of a file, open for reading.
   *
   * @param in skips cheaply in plain files
   * @param length bytes of content; if not {@code exact}, the most there can be
   * @param exact whether {@code length} is known; it is not for packed files
   */
  public record Content(InputStream in, long length, boolean exact) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
