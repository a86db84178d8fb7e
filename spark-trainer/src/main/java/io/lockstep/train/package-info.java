/**
 * Synchronous training in plain Java: rounds of replicas over shards of data, and what is done with
 * what they bring.
 *
 * <p>Read in this order: {@link io.lockstep.train.EpochSchedule} (who trains what when), {@link
 * io.lockstep.train.LocalSteps} (what one replica does in a round), {@link io.lockstep.train.Merge}
 * (what becomes of it), {@link io.lockstep.train.Trainer} (the loop). An {@link
 * io.lockstep.train.Engine} only says where the local steps run. Must not come here: Spark, DL4J.
 */
package io.lockstep.train;
