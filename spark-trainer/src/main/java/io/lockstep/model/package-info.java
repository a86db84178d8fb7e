/**
 * Networks: built from a plan, trained step by step, saved. With {@code io.lockstep.compute} the
 * only place that imports DL4J networks.
 */
package io.lockstep.model;
