package io.lockstep.data.source;

import io.lockstep.data.block.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A source that was read split by split, and again where it asked for it, as engines do: reports
 * travel as bytes.
 *
 * @param settled what is known of it
 * @param blocks all of them with the ids of their examples, in the order of the splits
 */
public record ReadInSplits(Settled settled, List<Block> blocks) {
  /** Reads {@code source} as {@code layout} cuts it. */
  public static ReadInSplits of(ExampleSource source, SourceLayout layout) throws IOException {
    var hadoop = new Configuration();
    List<SplitReport> reports = new ArrayList<>();
    List<List<Block>> read = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      List<Block> own = new ArrayList<>();
      try (SplitReader reader = source.open(hadoop, layout, split)) {
        for (Optional<Block> next = reader.next(); next.isPresent(); next = reader.next()) {
          own.add(next.get());
        }
        reports.add(SplitReport.decode(reader.report().encode()));
      }
      read.add(own);
    }
    Settlement settlement = source.settle(layout, reports);
    if (settlement instanceof ReadAgain again) {
      return of(source, again.layout());
    }
    Settled settled = (Settled) settlement;
    List<Block> blocks = new ArrayList<>();
    for (int split = 0; split < read.size(); split++) {
      for (Block block : read.get(split)) {
        blocks.add(settled.numbered(split, block));
      }
    }
    return new ReadInSplits(settled, blocks);
  }
}
