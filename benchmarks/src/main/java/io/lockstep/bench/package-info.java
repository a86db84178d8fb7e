/**
 * Benchmarks of Lockstep beside its peers, each from one run: {@code scripts/bench}.
 *
 * <p>A contender (stock DL4J, Lockstep, libtorch) lives in a JVM of its own, so that its native
 * threads, libraries and garbage touch nobody else's; the contenders take turns, one computes at a
 * time. Nothing of the product may import this package, and libtorch comes in nowhere else.
 */
package io.lockstep.bench;
