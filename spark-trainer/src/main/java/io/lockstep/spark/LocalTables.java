package io.lockstep.spark;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.table.Tables;
import java.io.IOException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tables for work that needs no Spark otherwise: read by the Spark that is there, or by one in this
 * JVM that is opened for it. Not thread-safe.
 */
final class LocalTables implements Tables {
  private JavaSparkContext opened;

  @Override
  public ExampleSource open(StoredTable table) throws IOException {
    if (SparkEnv.get() == null) {
      opened = Engines.context("reading", "local[*]", 1);
    }
    return new SparkTables().open(table);
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.stop();
      opened = null;
    }
  }
}
