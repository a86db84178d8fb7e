/**
 * Lockstep as its users meet it: the one jar, {@code scripts/lockstep}, {@code conf/}, executors in
 * their own JVMs, HDFS, and processes killed in mid-run.
 *
 * <p>{@link io.lockstep.it.Lockstep} starts it as a child process, {@link
 * io.lockstep.it.SparkCluster} and {@link io.lockstep.it.MiniDfs} are what it runs on; a test gets
 * them as parameters through {@link io.lockstep.it.Clusters}. What can be shown within one JVM is
 * tested in the module it belongs to.
 */
package io.lockstep.it;
