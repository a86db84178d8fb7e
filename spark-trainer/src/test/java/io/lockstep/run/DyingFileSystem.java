package io.lockstep.run;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system whose process dies after a number of changing operations: the operation at which it
 * dies is half done if it is a write and not done else, and nothing works from then on, not even
 * what is done in {@code finally}. A rename onto an existing file returns false, as on HDFS.
 */
final class DyingFileSystem extends FilterFileSystem {
  /** The end of the process; an Error, so that nothing catches it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("killed");
    }
  }

  private int left;

  /**
   * @param operations that succeed before the process dies
   */
  DyingFileSystem(FileSystem system, int operations) {
    super(system);
    this.left = operations;
  }

  /** Whether the process is still alive. */
  boolean alive() {
    return left >= 0;
  }

  private void operate() {
    if (--left < 0) {
      left = -1;
      throw new Death();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    operate();
    FSDataOutputStream out =
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(new DyingStream(out), null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    try {
      operate();
    } catch (Death death) {
      if (fs instanceof VisibleOnCloseFileSystem store) {
        store.copy(from, to); // half done, too
      }
      throw death;
    }
    if (super.exists(to)) {
      return false;
    }
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    operate();
    return super.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    operate();
    return super.mkdirs(path);
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    operate();
    return super.createFile(path);
  }

  private final class DyingStream extends FilterOutputStream implements Syncable, Abortable {
    private final FSDataOutputStream stream;

    DyingStream(FSDataOutputStream stream) {
      super(stream);
      this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
      operate();
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        operate();
      } catch (Death death) {
        half(bytes, offset, length);
        throw death;
      }
      out.write(bytes, offset, length);
    }

    private void half(byte[] bytes, int offset, int length) throws IOException {
      OutputStream torn = out;
      torn.write(bytes, offset, length / 2);
      torn.flush();
    }

    @Override
    public void hflush() throws IOException {
      operate();
      stream.hflush();
    }

    @Override
    public void hsync() throws IOException {
      operate();
      stream.hsync();
    }

    @Override
    public AbortableResult abort() {
      return stream.abort();
    }

    @Override
    public void close() throws IOException {
      if (alive()) {
        operate();
        out.close();
      }
    }
  }
}
