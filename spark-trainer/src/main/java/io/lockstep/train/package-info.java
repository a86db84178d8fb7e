/**
 * Synchronous training: rounds of replicas over shards of data, and the engines that execute them.
 */
package io.lockstep.train;
