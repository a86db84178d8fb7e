package io.lockstep.train;

import java.io.Serializable;

/**
 * Which round is to be run.
 *
 * @param epoch counted from 0
 * @param round within the epoch, counted from 0
 */
public record RoundRequest(int epoch, int round) implements Serializable {
  public RoundRequest {
    if (epoch < 0 || round < 0) {
      throw new IllegalArgumentException("epoch " + epoch + ", round " + round);
    }
  }
}
