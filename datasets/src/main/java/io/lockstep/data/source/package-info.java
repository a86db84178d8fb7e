/**
 * Where examples come from: sources that are read split by split, each byte once, by whoever has a
 * core to spare.
 *
 * <p>A new source is one class: an {@link io.lockstep.data.source.ExampleSource} that lists its
 * splits and reads one. Numbering, class names, statistics and the content's hash follow from what
 * the splits report, the same for all sources ({@link io.lockstep.data.source.Settled}). Here is
 * what all sources share; each kind has a package of its own below. Must not come here: Spark, who
 * owns which example, and a format.
 */
package io.lockstep.data.source;
