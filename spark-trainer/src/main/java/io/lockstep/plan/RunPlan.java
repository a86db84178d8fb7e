package io.lockstep.plan;

/**
 * Where and how the run executes; never changes its result.
 *
 * @param master Spark's master where {@code spark-submit} names none
 * @param directory run directory, any Hadoop path
 * @param engine what executes the rounds
 * @param checkpointRounds rounds between two checkpoints; one is also written at each epoch's end
 * @param keepCheckpoints newest checkpoints kept
 */
public record RunPlan(
    String master, String directory, EngineKind engine, int checkpointRounds, int keepCheckpoints) {
  /** The ways to execute the same semantics. */
  public enum EngineKind {
    /** A loop in one JVM. */
    IN_PROCESS,
    /** Ordinary Spark jobs. */
    SPARK
  }

  /** The same in another directory. */
  public RunPlan withDirectory(String other) {
    return new RunPlan(master, other, engine, checkpointRounds, keepCheckpoints);
  }

  /** The same, executed by {@code other}. */
  public RunPlan withEngine(EngineKind other) {
    return new RunPlan(master, directory, other, checkpointRounds, keepCheckpoints);
  }
}
