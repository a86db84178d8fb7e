package io.lockstep.app;

import io.lockstep.spark.Engines;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings for commands that need no Spark. */
public final class Hadoop {
  private Hadoop() {}

  /** As the cluster's files and Spark's own {@code spark.hadoop.*} give them. */
  public static Configuration settings() {
    return Engines.hadoop();
  }
}
