package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.storage.TempLocalBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.reflect.ClassTag;

/**
 * From block manager to block manager, between JVMs: the start lies with the driver as one block,
 * which each JVM fetches once; a task sends what it brings to the driver as a block, and Spark
 * returns a mark in its place.
 *
 * <p>The same connections, with the same authentication and encryption, as broadcasts and results
 * of tasks, without what these do beside: pieces that are registered with the driver, fetched in
 * turn, checked and stored once more; results laid out three times, one inside the other. For 5 MB
 * on two executors that took 50 of the 65 ms that a round between JVMs cost. A star, where a
 * broadcast is a tree: but what comes back is a star as well, so the driver's network carries twice
 * what it must. What is large goes by other ways ({@link Passages}).
 *
 * @param driver what Spark calls the driver among executors
 * @param host where the driver's block manager listens
 * @param port there
 * @param run of which this is a passage: the first half of the names of its blocks
 * @param number of this passage in the run
 */
record ByBlocks(String driver, String host, int port, long run, int number) implements Travelling {
  private static final Logger LOG = LoggerFactory.getLogger(ByBlocks.class);
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK_SER();

  /** Stands for the start, beside the numbers of the tasks. */
  private static final int START = -1;

  /**
   * Puts the start where executors fetch it.
   *
   * @throws IllegalStateException if the driver has no place for it, neither in memory nor on disk
   */
  static ByBlocks open(RoundStart start, long run, int number) {
    BlockManager own = blocks();
    BlockManagerId itself = own.blockManagerId();
    var passage = new ByBlocks(itself.executorId(), itself.host(), itself.port(), run, number);
    var travelling = new TravellingStart(start);
    byte[] laidOut = ExactBytes.of((int) travelling.bytes(), travelling::write);
    var bytes = new ChunkedByteBuffer(ByteBuffer.wrap(laidOut));
    if (!own.putBytes(passage.block(START), bytes, LEVEL, false, BYTES)) {
      throw new IllegalStateException(
          "the driver has no place for %,d bytes of state, neither in memory nor under spark.local.dir"
              .formatted(laidOut.length));
    }
    return passage;
  }

  @Override
  public ByBlocks at(int number) {
    return new ByBlocks(driver, host, port, run, number);
  }

  @Override
  public RoundStart start(Arrivals arrivals) {
    return arrivals.of(this, this::fetched);
  }

  private RoundStart fetched() {
    var arriving = new ArrivingBlock();
    blocks()
        .blockTransferService()
        .fetchBlocks(host, port, driver, new String[] {block(START).name()}, arriving, null);
    ManagedBuffer arrived = arriving.await();
    try (var in = new DataInputStream(arrived.createInputStream())) {
      var travelling = new TravellingStart();
      travelling.readFields(in);
      return travelling.start();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the state from the driver", e);
    } finally {
      arrived.release();
    }
  }

  @Override
  public Reply send(int k, Reply reply) {
    var bytes = new NioManagedBuffer(ByteBuffer.wrap(reply.encode()));
    try {
      blocks()
          .blockTransferService()
          .uploadBlockSync(host, port, driver, block(k), bytes, LEVEL, BYTES);
      return Reply.leftInPlace();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the driver did not take the block of replica {}; Spark returns it instead", k, e);
      return reply;
    }
  }

  @Override
  public Reply receive(int k, Reply returned) {
    if (!(returned instanceof Reply.LeftInPlace)) {
      return returned;
    }
    BlockManager own = blocks();
    Option<BlockData> sent = own.getLocalBytes(block(k));
    if (sent.isEmpty()) {
      throw new IllegalStateException("what replica " + k + " sent is no longer here");
    }
    try (var in = new DataInputStream(sent.get().toInputStream())) {
      return Reply.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged reply of replica " + k, e);
    } finally {
      own.releaseLock(block(k), Option.empty());
      own.removeBlock(block(k), false);
    }
  }

  @Override
  public void close() {
    blocks().removeBlock(block(START), false);
  }

  /** Removes what tasks sent that nobody waited for any more, when a run is over. */
  static void sweep(long run) {
    BlockManager own = blocks();
    own.getMatchingBlockIds(id -> id instanceof TempLocalBlockId named && isOf(named, run))
        .foreach(
            id -> {
              own.removeBlock(id, false);
              return null;
            });
  }

  private static boolean isOf(TempLocalBlockId id, long run) {
    return id.id().getMostSignificantBits() == run;
  }

  private BlockId block(int task) {
    return new TempLocalBlockId(new UUID(run, (long) number << Integer.SIZE | task + 1));
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }
}
