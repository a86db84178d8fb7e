package io.lockstep.spark;

import org.apache.spark.SparkConf;

/**
 * How many executors replicas can use, told to Spark where it would find out by itself.
 *
 * <p>Spark's dynamic allocation asks for executors while tasks have been waiting for a second or
 * more. A round is often shorter, so the second executor would never come; but it is known before
 * the first task that each round will have one for each replica.
 */
final class ReplicaExecutors {
  private static final String ENABLED = "spark.dynamicAllocation.enabled";
  private static final String LEAST = "spark.dynamicAllocation.minExecutors";
  private static final String MOST = "spark.dynamicAllocation.maxExecutors";

  private ReplicaExecutors() {}

  /**
   * Asks for executors for all replicas, if their number is left to Spark and the user has not said
   * how many there must be.
   *
   * @return {@code conf}
   */
  static SparkConf apply(SparkConf conf, int replicas) {
    if (!conf.getBoolean(ENABLED, false) || conf.contains(LEAST)) {
      return conf;
    }
    int tasksEach =
        Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt(TaskCores.KEY, 1));
    int useful = (replicas + tasksEach - 1) / tasksEach;
    return conf.set(
        LEAST, Integer.toString(Math.min(useful, conf.getInt(MOST, Integer.MAX_VALUE))));
  }
}
