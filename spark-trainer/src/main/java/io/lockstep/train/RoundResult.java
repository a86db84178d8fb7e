package io.lockstep.train;

import io.lockstep.ps.Padding;
import java.util.List;

/**
 * A round, merged.
 *
 * @param values averaged parameters or gradient, {@code [parameters]}
 * @param updater averaged optimizer state, empty if there is none or in gradient mode
 * @param steps most steps of an optimizer that any replica took
 * @param loss weighted mean of the losses of all replicas' minibatches
 * @param shares what each replica did, in replica order
 */
@SuppressWarnings(
    "ArrayRecordComponent") // vectors of millions of values, never compared as records
public record RoundResult(
    float[] values, float[] updater, int steps, double loss, List<Share> shares) {
  public RoundResult {
    shares = List.copyOf(shares);
  }

  /** Examples trained in the round by all replicas. */
  public long examples() {
    return shares.stream().mapToLong(Share::examples).sum();
  }

  /** What each replica hands on to its next task, by its number; empty if none has anything. */
  public List<float[]> carries() {
    boolean any = shares.stream().anyMatch(share -> share.carry().length > 0);
    return any ? shares.stream().map(Share::carry).toList() : List.of();
  }

  /**
   * What one replica did in the round.
   *
   * @param replica its number
   * @param examples it trained
   * @param steps of its optimizer
   * @param padding of its minibatches
   * @param trained hash of the ids of these examples, in their order
   * @param carry recurrent state that belongs to this replica alone, empty if none
   */
  public record Share(
      int replica, long examples, int steps, Padding padding, long trained, float[] carry) {
    /** A share without sequences. */
    public Share(int replica, long examples, int steps, long trained, float[] carry) {
      this(replica, examples, steps, Padding.NONE, trained, carry);
    }
  }
}
