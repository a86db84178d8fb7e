package io.lockstep.ml;

import io.lockstep.spark.FrameScoring;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** A model's file, model.zip, in memory and beside what Spark ML saves. */
final class ModelBytes {
  private static final String FILE = "model.zip";

  private ModelBytes() {}

  static byte[] read(String file, Configuration hadoop) throws IOException {
    var path = new org.apache.hadoop.fs.Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readAllBytes();
    }
  }

  static byte[] readBeside(String folder, Configuration hadoop) {
    try {
      return read(folder + "/" + FILE, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  static void writeBeside(String folder, byte[] file, Configuration hadoop) {
    var path = new org.apache.hadoop.fs.Path(folder, FILE);
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      out.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** What scores rows by the model. */
  static FrameScoring scoring(byte[] file) {
    try {
      Path copy = Files.createTempFile("lockstep-model", ".zip");
      try {
        Files.write(copy, file);
        return FrameScoring.of(copy.toUri().toString(), new Configuration(false));
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
