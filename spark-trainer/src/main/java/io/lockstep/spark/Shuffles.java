package io.lockstep.spark;

import org.apache.spark.ContextCleaner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import scala.Option;

/** Removes what a shuffle left on disks. */
final class Shuffles {
  private Shuffles() {}

  /**
   * Forgets the shuffle that {@code rdd} reads. Left alone, its files stay until the driver happens
   * to collect garbage: a model's size a round.
   */
  static void remove(SparkContext spark, RDD<?> rdd) {
    int shuffle = ((ShuffleDependency<?, ?, ?>) rdd.dependencies().head()).shuffleId();
    Option<ContextCleaner> cleaner = spark.cleaner();
    if (cleaner.isDefined()) {
      cleaner.get().doCleanupShuffle(shuffle, false);
      return;
    }
    SparkEnv.get().mapOutputTracker().unregisterShuffle(shuffle);
    SparkEnv.get().blockManager().master().removeShuffle(shuffle, false);
  }
}
