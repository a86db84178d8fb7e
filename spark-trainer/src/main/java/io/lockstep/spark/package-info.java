/**
 * Rounds as ordinary Spark jobs: the only place where training meets Spark.
 *
 * <p>No barrier mode, so retries, speculation and dynamic allocation just work; results are keyed
 * by replica and merged in replica order, so they make no difference. What travels is bytes with an
 * explicit layout: states and contributions as {@link io.lockstep.ps.StateCodec} writes them,
 * blocks as {@link io.lockstep.data.block.Block} writes itself.
 */
package io.lockstep.spark;
