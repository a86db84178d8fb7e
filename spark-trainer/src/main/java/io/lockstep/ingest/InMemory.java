package io.lockstep.ingest;

import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Fit;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.table.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * This process as a site: one split after the other in one thread, all blocks in memory. The oracle
 * that ingestion on Spark is compared with.
 *
 * @param hadoop settings that files are opened with
 * @param watch told how reading and dealing come along
 * @param tables opens tables that only an engine can read
 */
public record InMemory(Configuration hadoop, IngestionWatch watch, Tables tables)
    implements Site<InMemory.Pieces> {
  /** A site where all that is read can be read without an engine. */
  public InMemory(Configuration hadoop, IngestionWatch watch) {
    this(hadoop, watch, Tables.NONE);
  }

  /**
   * The blocks of all pieces of a source.
   *
   * @param exchange that numbers them
   * @param blocks by their number
   */
  public record Pieces(Exchange exchange, List<Block> blocks) {
    /** One piece. */
    public Shard shard(Part part, int piece) {
      int first = exchange.first(part, piece);
      List<Block> own = blocks.subList(first, first + exchange.blocks(part, piece));
      return new Shard() {
        @Override
        public int blocks() {
          return own.size();
        }

        @Override
        public Block block(int number) {
          return own.get(number);
        }
      };
    }
  }

  @Override
  public Raw<Pieces> read(ExampleSource source, SourceLayout layout) throws IOException {
    List<List<Block>> splits = new ArrayList<>();
    List<SplitReport> reports = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      List<Block> blocks = new ArrayList<>();
      try (SplitReader reader = source.open(hadoop, layout, split)) {
        for (Optional<Block> next = reader.next(); next.isPresent(); next = reader.next()) {
          blocks.add(next.get());
        }
        reports.add(reader.report());
      }
      splits.add(blocks);
      watch.advanced("reading " + source.name(), (double) splits.size() / layout.splits().size());
    }
    return new InMemoryRaw(splits, reports);
  }

  @Override
  public void release(Pieces pieces) {
    // the garbage collector's
  }

  private record InMemoryRaw(List<List<Block>> splits, List<SplitReport> reports)
      implements Raw<Pieces> {
    @Override
    public <R> R fit(Exchange exchange, Fit<R> fit) {
      List<List<Fit.Part>> buckets = new ArrayList<>();
      for (int bucket = 0; bucket < fit.buckets(); bucket++) {
        buckets.add(new ArrayList<>());
      }
      for (int split = 0; split < splits.size(); split++) {
        exchange
            .collect(fit, split, splits.get(split).iterator())
            .forEachRemaining(part -> buckets.get(part.bucket()).add(part));
      }
      return fit.finish(buckets.stream().map(parts -> fit.merge(parts.iterator())).toList());
    }

    @Override
    public Pieces exchange(Exchange exchange) {
      List<List<Block>> arrived = new ArrayList<>();
      for (int number = 0; number < exchange.destinations(); number++) {
        arrived.add(new ArrayList<>());
      }
      for (int split = 0; split < splits.size(); split++) {
        exchange
            .route(split, splits.get(split).iterator())
            .forEachRemaining(routed -> arrived.get(routed.destination()).add(routed.rows()));
      }
      splits.clear();
      List<Block> blocks = new ArrayList<>();
      for (int number = 0; number < arrived.size(); number++) {
        blocks.add(exchange.assemble(number, arrived.get(number).iterator()));
        arrived.set(number, List.of());
      }
      return new Pieces(exchange, List.copyOf(blocks));
    }

    @Override
    public void close() {
      splits.clear();
    }
  }
}
