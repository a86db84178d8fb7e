/**
 * From the splits that were read to the shards that are trained: every example goes, once, to the
 * block of the piece that owns it. Plain functions over blocks, which engines run where the data
 * is.
 */
package io.lockstep.data.exchange;
