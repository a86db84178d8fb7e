package io.lockstep.ingest;

/** Someone who looks on while data is read and dealt; called by the thread that drives it. */
@FunctionalInterface
public interface IngestionWatch {
  /** Looks at nothing. */
  IngestionWatch NONE = (doing, share) -> {};

  /**
   * A step has come along.
   *
   * @param doing what it does, such as {@code reading churn.csv}
   * @param share of it that is done, [0, 1]
   */
  void advanced(String doing, double share);
}
