package io.lockstep.run;

/**
 * A checkpoint that was found whole.
 *
 * @param name of it
 * @param checkpoint itself
 */
public record SavedState(String name, Checkpoint checkpoint) {}
