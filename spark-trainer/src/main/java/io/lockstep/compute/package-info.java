/**
 * Kernels: the arithmetic of DL4J's layers done faster on the CPU, in place of DL4J's own.
 *
 * <p>{@link io.lockstep.compute.Accelerator#accelerate} exchanges the runtime layers of a network
 * for subclasses of the same DL4J classes that share configuration, parameters and gradient views.
 * So a network stays plain DL4J to everyone who trains, saves or inspects it. What belongs here:
 * kernels, their scratch memory, native threads. What does not: reading data, plans, Spark.
 */
package io.lockstep.compute;
