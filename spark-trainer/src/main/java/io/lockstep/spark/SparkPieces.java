package io.lockstep.spark;

import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.order.Part;
import io.lockstep.ingest.Shard;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.rdd.RDD;

/**
 * The pieces of a source in the executors: a cached partition for each block.
 *
 * <p>Not thread-safe.
 */
final class SparkPieces {
  private final Exchange exchange;
  private final KeptBlocks blocks;
  private final RDD<?> shuffled;
  private final Placement placement;
  private final Map<Part, ShardRdd> parts = new EnumMap<>(Part.class);

  /**
   * @param shuffled what they were assembled of
   * @param placement of the pieces
   */
  SparkPieces(Exchange exchange, KeptBlocks blocks, RDD<?> shuffled, Placement placement) {
    this.exchange = exchange;
    this.blocks = blocks;
    this.shuffled = shuffled;
    this.placement = placement;
  }

  /** A part, whose partition k is its piece k, for one job: placed on the executors of now. */
  RDD<Shard> shards(Part part) {
    placement.renew();
    return parts.computeIfAbsent(part, each -> new ShardRdd(blocks, firsts(each), placement));
  }

  /** Number of tasks that run at once on the executors of the last placement. */
  int slots() {
    return placement.slots();
  }

  private int[] firsts(Part part) {
    int[] firsts = new int[exchange.deal().pieces() + 1];
    for (int piece = 0; piece < firsts.length; piece++) {
      firsts[piece] = exchange.first(part, piece);
    }
    return firsts;
  }

  /** Lets the executors forget the blocks, and what they could be made of again. */
  void release() {
    blocks.blocks().unpersist(false);
    Shuffles.remove(blocks.blocks().sparkContext(), shuffled);
    blocks.source().forget();
  }
}
