package io.lockstep.run;

/**
 * How far a run has come.
 *
 * @param round next to come, counted from 0 over the whole run; so many are merged
 * @param epoch of that round, counted from 0
 * @param roundInEpoch that round within its epoch, counted from 0
 * @param examples trained so far, over all epochs
 * @param seconds of training so far, over all sessions
 */
public record Position(long round, int epoch, int roundInEpoch, long examples, double seconds) {
  /** Where every run begins. */
  public static final Position START = new Position(0, 0, 0, 0, 0);

  public Position {
    if (round < 0 || epoch < 0 || roundInEpoch < 0 || examples < 0 || !(seconds >= 0)) {
      throw new IllegalArgumentException(
          "No position of round %d, epoch %d, round %d in it, %d examples, %s s"
              .formatted(round, epoch, roundInEpoch, examples, seconds));
    }
  }
}
