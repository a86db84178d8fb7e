package io.lockstep.compute;

/**
 * Where in a network a layer sits.
 *
 * @param name the layer's name, or its index where it has none
 * @param index of the layer in its network
 * @param first whether nothing below the layer learns, so that its input's gradient is not needed
 */
record Site(String name, int index, boolean first) {}
