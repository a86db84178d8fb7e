package io.lockstep.run;

import static org.apache.hadoop.fs.CommonConfigurationKeysPublic.IO_FILE_BUFFER_SIZE_DEFAULT;
import static org.apache.hadoop.fs.CommonConfigurationKeysPublic.IO_FILE_BUFFER_SIZE_KEY;

import io.lockstep.data.file.Failures;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that is being written, whose failures are {@link RunFileException}: Hadoop's local file
 * system throws a Java Error when the disk is full.
 *
 * <p>Once a write has failed, closing it reports nothing more. Not thread-safe.
 */
final class GuardedOutput extends OutputStream {
  /** What is done to the file. */
  private interface Work {
    void run() throws IOException;
  }

  private final Path file;
  private final FSDataOutputStream out;
  private boolean failed;

  /** Guards {@code out}, which writes {@code file}. */
  GuardedOutput(Path file, FSDataOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Begins a file, in place of an older one if {@code overwrite} says so.
   *
   * @param mostBlockBytes of a block, where files are made of blocks. A file that is being written
   *     takes a whole block of each copy from a quota of space: 384 MB on HDFS by default
   */
  static GuardedOutput create(FileSystem system, Path file, boolean overwrite, long mostBlockBytes)
      throws IOException {
    try {
      int buffer = system.getConf().getInt(IO_FILE_BUFFER_SIZE_KEY, IO_FILE_BUFFER_SIZE_DEFAULT);
      short copies = system.getDefaultReplication(file);
      long block = Math.min(system.getDefaultBlockSize(file), mostBlockBytes);
      return new GuardedOutput(file, system.create(file, overwrite, buffer, copies, block));
    } catch (IOException | FSError e) {
      throw failure(file, e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    guard(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    guard(() -> out.write(bytes, offset, length));
  }

  /** Hands all bytes to the file system; where it shows files only when closed, to no effect. */
  void hflush() throws IOException {
    flush(out::hflush);
  }

  /** Hands all bytes to the disks. */
  void hsync() throws IOException {
    flush(out::hsync);
  }

  /** What was written shall not be seen, as far as that is possible; to be closed nevertheless. */
  void abandon() {
    failed = true;
  }

  @Override
  public void close() throws IOException {
    if (failed) {
      try {
        abort();
        out.close();
      } catch (IOException | FSError e) {
        // HDFS throws the failure of the write again, which was reported.
      }
      return;
    }
    guard(out::close);
  }

  private void abort() {
    try {
      out.abort();
    } catch (UnsupportedOperationException e) {
      // Most file systems show what there is.
    }
  }

  private void guard(Work work) throws IOException {
    try {
      work.run();
    } catch (IOException | FSError e) {
      failed = true;
      throw failure(file, e);
    }
  }

  /** Hands bytes on, where that is possible before the file is closed. */
  private void flush(Work work) throws IOException {
    try {
      guard(work);
    } catch (UnsupportedOperationException e) {
      // An object store that was told to be strict about it.
    }
  }

  private static RunFileException failure(Path file, Throwable e) {
    return new RunFileException("%s cannot be written: %s".formatted(file, Failures.reason(e)), e);
  }
}
