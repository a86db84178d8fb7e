package io.lockstep.ps;

import java.util.Arrays;

/**
 * All that a replica needs to go on: parameters, what its optimizer remembers, and its counters.
 *
 * <p>The arrays are handed over, not copied. Immutable by agreement: whoever holds a state never
 * writes to its arrays. On a wire or a disk it is laid out by {@link StateCodec}.
 *
 * @param parameters the flat parameter vector
 * @param updater the optimizer's flat state (momentum, second moments), empty if it has none
 * @param step optimizer steps taken so far, what learning-rate schedules and Adam count
 * @param epoch of the step to come, counted from 0
 */
@SuppressWarnings("ArrayRecordComponent") // vectors of millions of values; sameBits compares them
public record TrainingState(float[] parameters, float[] updater, long step, int epoch) {
  public TrainingState {
    if (step < 0 || epoch < 0) {
      throw new IllegalArgumentException("counters must not be negative: step " + step);
    }
  }

  /** The same vectors at another place in the run. */
  public TrainingState at(long newStep, int newEpoch) {
    return new TrainingState(parameters, updater, newStep, newEpoch);
  }

  /** Whether all values are bit-identical (NaN included, 0.0 and -0.0 apart) and counters equal. */
  public boolean sameBits(TrainingState other) {
    return step == other.step
        && epoch == other.epoch
        && sameBits(parameters, other.parameters)
        && sameBits(updater, other.updater);
  }

  private static boolean sameBits(float[] a, float[] b) {
    // Arrays.equals compares by Float.equals, which tells 0.0 from -0.0 but not NaNs apart; a NaN
    // never leaves a round, so this is equality of bits.
    return Arrays.equals(a, b);
  }
}
