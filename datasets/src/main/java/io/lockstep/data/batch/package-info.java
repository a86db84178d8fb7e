/**
 * Minibatches: rows of blocks laid out as tensors for one step, with masks where there are
 * sequences.
 */
package io.lockstep.data.batch;
