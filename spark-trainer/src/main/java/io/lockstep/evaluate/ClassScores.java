package io.lockstep.evaluate;

/**
 * How one class, or one yes-no column, fares.
 *
 * @param name of the class
 * @param examples of the class
 * @param precision share of those predicted to be of the class that are, 0 if none was predicted
 * @param recall share of those of the class that are predicted to be, 0 if there are none
 * @param f1 harmonic mean of both, 0 if either is undefined
 */
public record ClassScores(String name, long examples, double precision, double recall, double f1) {}
