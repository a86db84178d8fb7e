package io.lockstep.spark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Map;

/**
 * Spark's format of texts, for lines of CSV that are made already: files end in {@code .csv}, and
 * each begins with the header that option {@value #HEADER} gives. Spark makes it by its name.
 */
public final class CsvLines extends TextFileFormat {
  private static final long serialVersionUID = 1L;

  static final String HEADER = "header";

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession session, Job job, Map<String, String> options, StructType schema) {
    super.prepareWrite(session, job, options, schema); // what it says of compression
    return new Files(options.apply(HEADER));
  }

  private static final class Files extends OutputWriterFactory {
    private static final long serialVersionUID = 1L;

    private final String header;

    Files(String header) {
      this.header = header;
    }

    @Override
    public String getFileExtension(TaskAttemptContext task) {
      return ".csv" + CodecStreams.getCompressionExtension(task);
    }

    @Override
    public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext task) {
      return new Lines(path, header, CodecStreams.createOutputStream(task, new Path(path)));
    }
  }

  private static final class Lines extends OutputWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final String path;
    private final OutputStream out;

    Lines(String path, String header, OutputStream out) {
      this.path = path;
      this.out = new BufferedOutputStream(out, BUFFER_BYTES);
      write(UTF8String.fromString(header));
    }

    @Override
    public void write(InternalRow row) {
      write(row.getUTF8String(0));
    }

    private void write(UTF8String line) {
      try {
        line.writeTo(out);
        out.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(path + " cannot be written: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(path + " cannot be written: " + e.getMessage(), e);
      }
    }

    @Override
    public String path() {
      return path;
    }
  }
}
