/** Arrays in IDX files, as MNIST comes, and the sets of data that ship with Lockstep. */
package io.lockstep.data.source.idx;
