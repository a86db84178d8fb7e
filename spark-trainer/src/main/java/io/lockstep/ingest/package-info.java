/**
 * From the splits of a source to the shards of replicas: each byte is read once, then each example
 * is sent to the replica that owns it.
 *
 * <p>{@link io.lockstep.ingest.Ingestion} is the sequence of steps, {@link io.lockstep.ingest.Site}
 * where they are done: {@link io.lockstep.ingest.InMemory} in this thread, the engine on Spark as
 * jobs, with the same bits. {@link io.lockstep.ingest.Dealt} says what is known of the data
 * afterwards. Must not come here: Spark, DL4J.
 */
package io.lockstep.ingest;
