package io.lockstep.it;

import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.LocalSparkCluster;

/**
 * A standalone Spark cluster on this machine: its master and two workers of one core in the test's
 * JVM, its executors in JVMs of their own. Drivers reach it by {@link #url} as they would any
 * other.
 */
final class SparkCluster implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final int CORES_EACH = 1;
  private static final int MEGABYTES_EACH = 1200;

  private final LocalSparkCluster cluster;
  private final String url;

  SparkCluster() {
    SparkConf conf = new SparkConf(false).set("spark.ui.enabled", "false");
    cluster = LocalSparkCluster.apply(WORKERS, CORES_EACH, MEGABYTES_EACH, conf);
    url = cluster.start()[0];
  }

  /** What {@code --master} takes, such as {@code spark://127.0.0.1:4711}. */
  String url() {
    return url;
  }

  /** The executors that run now, each in its own JVM. */
  Stream<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .map(line -> line.contains("CoarseGrainedExecutorBackend"))
                    .orElse(false));
  }

  @Override
  public void close() {
    cluster.stop();
    executors().forEach(ProcessHandle::destroyForcibly);
  }
}
