package io.lockstep.spark;

import org.apache.spark.SparkConf;

/** The Spark settings that Lockstep runs with, wherever the user has not chosen otherwise. */
public final class SparkSettings {
  private static final String HDFS_BEST_EFFORT =
      "spark.hadoop.dfs.client.block.write.replace-datanode-on-failure.best-effort";

  private SparkSettings() {}

  /** Adds Lockstep's settings to {@code conf}; what is set there already stays. */
  public static SparkConf apply(SparkConf conf) {
    return conf.setIfMissing("spark.serializer", serializer())
        // Nothing of ours needs it (see Luggage); whatever would, fails at once.
        .setIfMissing("spark.kryo.registrationRequired", "true")
        // A slice of a contribution is one array; Kryo's buffer grows up to this.
        .setIfMissing("spark.kryoserializer.buffer.max", "2047m")
        // Parameters are noise to a compressor: time spent, nothing saved.
        .setIfMissing("spark.broadcast.compress", "false")
        // The tally of an evaluation goes straight to the driver; by way of the block manager it is
        // copied twice more and fetched over a socket even within one JVM.
        .setIfMissing("spark.task.maxDirectResultSize", "32m")
        // A checkpoint or a digest may fill the driver for a moment, a large model always does.
        .setIfMissing("spark.driver.maxResultSize", "0")
        // Where a task is placed is ours (Placement), anew for each round; within one, this long is
        // waited for an executor that was lost or hangs.
        .setIfMissing("spark.locality.wait", "1s")
        // Those who asked for executors wait for them before data is read, but not for ever.
        .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .setIfMissing("spark.scheduler.maxRegisteredResourcesWaitingTime", "15s")
        // A run's logs are open for long: one lost data node of HDFS must not end them.
        .setIfMissing(HDFS_BEST_EFFORT, "true")
        // Each replica has the threads of its plan; OpenBLAS would start one per core beside them.
        .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1")
        // Where each round is a job they would fill the web page's memory.
        .setIfMissing("spark.ui.retainedJobs", "100")
        .setIfMissing("spark.ui.retainedStages", "200")
        .setIfMissing("spark.ui.retainedTasks", "2000")
        .setIfMissing("spark.sql.ui.retainedExecutions", "10");
  }

  /**
   * Kryo wherever it can be. Spark's Kryo looks into java.nio, which must be opened to it; Spark
   * does so everywhere but for drivers that its standalone cluster starts. What travels between
   * JVMs is bytes and Writables (see Luggage), for which Java's own serializer is as good.
   */
  private static String serializer() {
    boolean open = Object.class.getModule().isOpen("java.nio", SparkConf.class.getModule());
    return "org.apache.spark.serializer." + (open ? "KryoSerializer" : "JavaSerializer");
  }

  /** Settings for Spark within this JVM, such as {@code local[2]}, without its web page. */
  public static SparkConf local(String master, String name) {
    return apply(
        new SparkConf(false).setMaster(master).setAppName(name).set("spark.ui.enabled", "false"));
  }
}
