/**
 * Arithmetic on examples side by side, eight at a time: the inner loops of the recurrent kernels.
 *
 * <p>{@link io.lockstep.compute.lanes.Lanes} says what is computed, down to the order of every
 * addition; two implementations compute it, one with the processor's vector instructions and one in
 * plain Java, to the same bits. What belongs here: loops over float arrays. What does not: DL4J,
 * ND4J, native memory, layers.
 */
package io.lockstep.compute.lanes;
