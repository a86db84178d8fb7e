/**
 * Data on its way from files to minibatches; here only what all of it shares.
 *
 * <p>In the order of the way: {@code file} (what a path means, what a file is), {@code source}
 * (readers of splits), {@code order} (who owns which example, in which order), {@code exchange}
 * (from splits to shards), {@code block} (examples as they are kept), {@code normalize}, {@code
 * batch} (examples as they are trained), and {@code fetch} (known data sets). Must not come here:
 * Spark, networks, parameters.
 */
package io.lockstep.data;
