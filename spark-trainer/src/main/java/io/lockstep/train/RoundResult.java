package io.lockstep.train;

import java.util.List;

/**
 * A round, merged.
 *
 * @param values averaged parameters or gradient, {@code [parameters]}
 * @param updater averaged optimizer state, empty if there is none or in gradient mode
 * @param examples trained in the round by all replicas
 * @param steps most steps that any replica took
 * @param loss mean over the examples of the loss they were trained with
 * @param shares what each replica did, in replica order
 */
@SuppressWarnings(
    "ArrayRecordComponent") // vectors of millions of values, never compared as records
public record RoundResult(
    float[] values, float[] updater, long examples, int steps, double loss, List<Share> shares) {
  /**
   * What one replica did in the round.
   *
   * @param replica its number
   * @param examples it trained
   * @param steps it took
   * @param trained hash of the ids of these examples, in their order
   */
  public record Share(int replica, long examples, int steps, long trained) {}
}
