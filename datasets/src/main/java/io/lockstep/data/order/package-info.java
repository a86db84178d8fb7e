/**
 * Who owns which example, and in which order it is trained: pure functions of the plan's seed.
 *
 * <p>Nothing here holds a number per example; a hundred million of them cost what one costs. All of
 * it is stable for ever: golden values in the tests pin it. Start at {@link
 * io.lockstep.data.order.Deal} and {@link io.lockstep.data.order.EpochOrder}.
 */
package io.lockstep.data.order;
