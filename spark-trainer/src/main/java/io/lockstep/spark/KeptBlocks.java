package io.lockstep.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import scala.Option;
import scala.reflect.ClassTag;

/**
 * How a task reads a cached block: from here, else from the executor that has it, else made again.
 *
 * <p>Spark itself keeps nothing of a block that it fetched from another executor. Here it stays: a
 * piece that moved to this executor is fetched once, not each time a window of it is filled. The
 * older copy is dropped when its memory is needed; until then it is there if this executor dies.
 *
 * <p>Spark waits without end for an executor that hangs, as does the copy of the task that was
 * begun because of it. Here it is waited for {@link #PATIENCE}; then the source is read again.
 *
 * @param blocks by their number, persisted
 * @param source of what they were made
 */
record KeptBlocks(RDD<SerializableWritable<Crate>> blocks, SourceAgain source)
    implements Serializable {
  /** For how long another executor may take to send a block. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final ClassTag<SerializableWritable<Crate>> CRATE =
      ClassTag.apply(SerializableWritable.class);

  /** The block of a number. */
  SerializableWritable<Crate> read(int number, TaskContext task) {
    BlockManager here = SparkEnv.get().blockManager();
    RDDBlockId id = new RDDBlockId(blocks.id(), number);
    if (here.getStatus(id).isEmpty()) {
      Optional<SerializableWritable<Crate>> fetched = fetch(here, id, task);
      if (fetched.isPresent()) {
        here.putSingle(id, fetched.get(), blocks.getStorageLevel(), true, CRATE);
        return fetched.get();
      }
    }
    return Partitions.only(
        ScalaCollections.java(blocks.iterator(new NumberedPartition(number), task)));
  }

  /** From another executor, or from the source if that hangs; empty if none has it. */
  private Optional<SerializableWritable<Crate>> fetch(
      BlockManager here, RDDBlockId id, TaskContext task) {
    var fetching =
        new FutureTask<Optional<SerializableWritable<Crate>>>(() -> first(remote(here, id)));
    var thread = new Thread(fetching, "lockstep fetches " + id);
    thread.setDaemon(true); // it ends when the other executor does
    thread.start();
    try {
      return fetching.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.of(source.block(id.splitIndex(), task));
    } catch (ExecutionException e) {
      throw new IllegalStateException("fetching " + id, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fetching " + id, e);
    }
  }

  private static Option<BlockResult> remote(BlockManager here, RDDBlockId id) {
    return here.getRemoteValues(id, CRATE);
  }

  @SuppressWarnings("unchecked") // as it was put
  private static Optional<SerializableWritable<Crate>> first(Option<BlockResult> found) {
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Partitions.only(
                ScalaCollections.java(
                    (scala.collection.Iterator<SerializableWritable<Crate>>)
                        (scala.collection.Iterator<?>) found.get().data())));
  }
}
