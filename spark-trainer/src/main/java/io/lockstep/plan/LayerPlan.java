package io.lockstep.plan;

/**
 * A layer in Keras' words, as a record whose components are its keys.
 *
 * <p>Open: each {@link LayerFamily} has records of its own.
 */
public interface LayerPlan {}
