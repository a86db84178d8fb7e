/**
 * Examples as they are kept and as they are trained: columns of primitives, and minibatches of
 * tensors.
 *
 * <p>Belongs here: what an example has ({@link io.lockstep.data.block.Schema}), a bounded run of
 * them ({@link io.lockstep.data.block.Block}) with its layout in bytes, and how rows become a
 * {@link io.lockstep.data.batch.Minibatch}. Must not come here: files, and who owns which example.
 */
package io.lockstep.data.block;
