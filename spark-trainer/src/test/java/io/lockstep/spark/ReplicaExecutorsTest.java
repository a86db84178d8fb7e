package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** With dynamic allocation as many executors are asked for as replicas can use. */
class ReplicaExecutorsTest {
  private static final String LEAST = "spark.dynamicAllocation.minExecutors";

  private static SparkConf dynamic() {
    return new SparkConf(false).set("spark.dynamicAllocation.enabled", "true");
  }

  @Test
  void oneForEachReplicaOrForAsManyAsItRunsAtOnce() {
    assertThat(ReplicaExecutors.apply(dynamic(), 5).get(LEAST)).isEqualTo("5");
    SparkConf four = dynamic().set("spark.executor.cores", "4");
    assertThat(ReplicaExecutors.apply(four.clone(), 5).get(LEAST)).isEqualTo("2");
    SparkConf twoThreads = four.set("spark.task.cpus", "2");
    assertThat(ReplicaExecutors.apply(twoThreads, 5).get(LEAST)).isEqualTo("3");
  }

  @Test
  void notMoreThanTheUserAllows() {
    SparkConf atMost = dynamic().set("spark.dynamicAllocation.maxExecutors", "3");
    assertThat(ReplicaExecutors.apply(atMost, 5).get(LEAST)).isEqualTo("3");
  }

  @Test
  void whatTheUserSaysStays() {
    assertThat(ReplicaExecutors.apply(dynamic().set(LEAST, "0"), 5).get(LEAST)).isEqualTo("0");
    assertThat(ReplicaExecutors.apply(new SparkConf(false), 5).contains(LEAST)).isFalse();
  }
}
