/**
 * Files become blocks of examples, and blocks become minibatches.
 *
 * <p>Belongs here: readers through Hadoop's FileSystem, {@code ExampleBlock}, splits, shards, epoch
 * order and minibatches as pure functions of (seed, epoch, replica), normalisers, the catalogue of
 * known data sets. Must not come here: Spark, networks, parameters.
 */
package io.lockstep.data;
