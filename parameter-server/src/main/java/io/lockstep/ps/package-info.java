/**
 * All that can be said of parameters as flat float vectors.
 *
 * <p>Belongs here: the state that travels, weighted averaging in a fixed order, outer optimizers.
 * Must not come here: Spark, networks, examples.
 */
package io.lockstep.ps;
