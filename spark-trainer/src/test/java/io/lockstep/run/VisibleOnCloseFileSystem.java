package io.lockstep.run;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Files as an object store has them through a connector that knows no more than files: nothing of a
 * file is seen until it is closed, flushing does nothing, nothing can be appended, and a rename is
 * a copy and then a delete, which does not replace.
 */
final class VisibleOnCloseFileSystem extends FilterFileSystem {
  VisibleOnCloseFileSystem(FileSystem system) {
    super(system);
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
    if (!overwrite && super.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          private boolean closed;

          @Override
          public void close() throws IOException {
            if (!closed) {
              closed = true;
              put(path, toByteArray());
            }
          }
        },
        null);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("an object cannot be appended to");
  }

  private void put(Path path, byte[] bytes) throws IOException {
    try (OutputStream out = fs.create(path, true)) {
      out.write(bytes);
    }
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (super.exists(to)) {
      throw new FileAlreadyExistsException(to.toString()); // as S3A does
    }
    if (!copy(from, to)) {
      return false;
    }
    return super.delete(from, false);
  }

  /** The first half of a rename. */
  boolean copy(Path from, Path to) throws IOException {
    if (super.exists(to)) {
      return false;
    }
    FileStatus status;
    try {
      status = super.getFileStatus(from);
    } catch (FileNotFoundException e) {
      return false;
    }
    byte[] bytes = new byte[Math.toIntExact(status.getLen())];
    try (var in = super.open(from)) {
      in.readFully(bytes);
    }
    put(to, bytes);
    return true;
  }
}
