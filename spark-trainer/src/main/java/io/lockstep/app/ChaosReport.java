package io.lockstep.app;

import io.lockstep.run.LedgerCheck;
import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link Chaos}.
 *
 * @param undisturbed run
 * @param disturbed run; empty if it failed
 * @param failure why it failed, in a sentence
 * @param injuries what happened, in the order of the rounds
 */
public record ChaosReport(
    Run undisturbed, Optional<Run> disturbed, Optional<String> failure, List<Injury> injuries) {
  public ChaosReport {
    injuries = List.copyOf(injuries);
  }

  /**
   * A run that came to its end.
   *
   * @param directory of the run
   * @param weights SHA-256 of the final weights as the model's file has them, in hex
   * @param ledger what its ledger proves
   * @param rounds of all epochs
   * @param seconds that it took, reading its data included
   */
  public record Run(
      String directory, String weights, LedgerCheck.Report ledger, long rounds, double seconds) {}

  /**
   * A fault and what it did.
   *
   * @param fault what happened
   * @param round in which, counted from 0 over all epochs
   * @param replica to whose work
   * @param seen what Spark and the executor told of it; empty if it never came to it
   * @param lostSeconds what the rounds from this one until the next fault took beyond the median of
   *     the undisturbed run's rounds, those that took more than twice as long; for a driver's death
   *     the time until the run stood there again
   */
  public record Injury(
      ChaosFault fault, long round, int replica, Optional<String> seen, double lostSeconds) {}

  /** Whether both runs have the same bits. */
  public boolean sameBits() {
    return disturbed.isPresent() && disturbed.get().weights().equals(undisturbed.weights());
  }

  /** Whether each example was trained once per epoch in both runs. */
  public boolean ledgersExact() {
    return undisturbed.ledger().isExact()
        && disturbed.isPresent()
        && disturbed.get().ledger().isExact();
  }

  /** Whether the faults changed nothing. */
  public boolean isExact() {
    return sameBits() && ledgersExact();
  }
}
