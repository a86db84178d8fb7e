package io.lockstep.config;

/**
 * The network, in Keras' words or as a DL4J configuration; the records of its layers follow.
 *
 * @param yaml the validated {@code model} section, as it stands in the resolved plan
 */
public record ModelPlan(String yaml) {}
