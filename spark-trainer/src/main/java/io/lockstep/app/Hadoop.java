package io.lockstep.app;

import io.lockstep.data.file.Locations;
import io.lockstep.spark.Engines;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Hadoop's settings for commands that need no Spark. */
public final class Hadoop {
  private static final String OF_SPARK = "spark.hadoop.";

  private Hadoop() {}

  /** As the cluster's files and Spark's own {@code spark.hadoop.*} give them. */
  public static Configuration settings() {
    return Engines.hadoop();
  }

  /**
   * As {@link #settings()}, for one path. If it is a file of this machine and Spark was told
   * nothing of Hadoop, Spark is left alone: loading it takes a while and adds nothing.
   */
  static Configuration settings(String path) {
    boolean told =
        System.getProperties().stringPropertyNames().stream()
            .anyMatch(name -> name.startsWith(OF_SPARK));
    if (!told) {
      Configuration own = new Configuration();
      String scheme = Locations.path(path).toUri().getScheme();
      String used = scheme == null ? FileSystem.getDefaultUri(own).getScheme() : scheme;
      if ("file".equals(used)) {
        return own;
      }
    }
    return settings();
  }
}
