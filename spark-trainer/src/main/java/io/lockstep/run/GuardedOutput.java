package io.lockstep.run;

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

  private GuardedOutput(Path file, FSDataOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** Begins a file, in place of an older one if {@code overwrite} says so. */
  static GuardedOutput create(FileSystem system, Path file, boolean overwrite) throws IOException {
    try {
      return new GuardedOutput(file, system.create(file, overwrite));
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
    guard(out::hflush);
  }

  /** Hands all bytes to the disks. */
  void hsync() throws IOException {
    guard(out::hsync);
  }

  @Override
  public void close() throws IOException {
    if (failed) {
      try {
        out.close();
      } catch (IOException | FSError e) {
        // HDFS throws the failure of the write again, which was reported.
      }
      return;
    }
    guard(out::close);
  }

  private void guard(Work work) throws IOException {
    try {
      work.run();
    } catch (IOException | FSError e) {
      failed = true;
      throw failure(file, e);
    }
  }

  private static RunFileException failure(Path file, Throwable e) {
    return new RunFileException("%s cannot be written: %s".formatted(file, Failures.reason(e)), e);
  }
}
