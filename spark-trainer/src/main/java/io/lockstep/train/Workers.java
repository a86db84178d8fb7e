package io.lockstep.train;

/**
 * Who works on the replicas of a run.
 *
 * @param executors JVMs of a cluster; 0 for this JVM alone
 * @param cores that may be at work in each
 * @param spark whether rounds are Spark jobs
 */
public record Workers(int executors, int cores, boolean spark) {
  /** One thread of this JVM. */
  public static final Workers ONE_THREAD = new Workers(0, 1, false);

  /** In words, such as {@code 2 executors}. */
  public String described() {
    if (executors == 0) {
      return spark ? "local[" + cores + "]" : "one thread";
    }
    String each = cores == 1 ? "" : " of %d cores".formatted(cores);
    return executors + (executors == 1 ? " executor" : " executors") + each;
  }
}
