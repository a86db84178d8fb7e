/**
 * The layers of a network, one file per family: its words and keys, its records, the shapes it
 * makes, what it refuses, and the DL4J layer it becomes.
 *
 * <p>A new family is a new file and a line in {@code
 * META-INF/services/io.lockstep.plan.LayerFamily}; docs/extending.md goes through it. Must not come
 * here: what concerns a network as a whole, which is in {@code io.lockstep.model}, and how a layer
 * is computed, which is in {@code io.lockstep.compute}.
 */
package io.lockstep.model.layer;
