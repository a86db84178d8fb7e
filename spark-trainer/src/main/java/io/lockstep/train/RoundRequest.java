package io.lockstep.train;

/**
 * Which round is to be run.
 *
 * @param epoch counted from 0
 * @param round within the epoch, counted from 0
 */
public record RoundRequest(int epoch, int round) implements java.io.Serializable {
  public RoundRequest {
    if (epoch < 0 || round < 0) {
      throw new IllegalArgumentException("epoch " + epoch + ", round " + round);
    }
  }
}
