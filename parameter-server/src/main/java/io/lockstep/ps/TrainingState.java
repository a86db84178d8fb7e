package io.lockstep.ps;

/**
 * All that a replica needs to go on: parameters, what its optimizer remembers, and its counters.
 *
 * <p>The arrays are handed over, not copied. Immutable by agreement: whoever holds a state never
 * writes to its arrays.
 *
 * @param parameters the flat parameter vector
 * @param updater the optimizer's flat state (momentum, second moments), empty if it has none
 * @param step optimizer steps taken so far, what learning-rate schedules and Adam count
 * @param epoch of the step to come, counted from 0
 */
@SuppressWarnings("ArrayRecordComponent") // vectors of millions of values; Bits compares them
public record TrainingState(float[] parameters, float[] updater, long step, int epoch) {}
