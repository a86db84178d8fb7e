package io.lockstep.spark;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;

/**
 * A block on its way from another block manager, read where the network puts it down. Spark's own
 * {@code fetchBlockSync} copies it twice more, into arrays as large as the block.
 */
final class ArrivingBlock implements BlockFetchingListener {
  private final CompletableFuture<ManagedBuffer> arrived = new CompletableFuture<>();

  @Override
  public void onBlockFetchSuccess(String id, ManagedBuffer data) {
    // Spark lets it go when this returns.
    arrived.complete(data.retain());
  }

  @Override
  public void onBlockFetchFailure(String id, Throwable why) {
    arrived.completeExceptionally(why);
  }

  /**
   * Waits for the block.
   *
   * @return what the caller has to release
   * @throws IllegalStateException if it cannot be fetched, after Spark's own attempts
   */
  ManagedBuffer await() {
    try {
      return arrived.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("fetching a block: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fetching a block", e);
    }
  }
}
