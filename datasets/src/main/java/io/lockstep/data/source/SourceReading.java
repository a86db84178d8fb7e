package io.lockstep.data.source;

import io.lockstep.data.block.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** Reads a source in one thread, split after split, for whoever needs no engine. */
public final class SourceReading {
  private SourceReading() {}

  /**
   * Reads a source to know what it holds; keeps no example.
   *
   * @throws io.lockstep.data.InputException if the data must be mended
   * @throws IOException if the file system fails
   */
  public static Settled settle(ExampleSource source, Configuration hadoop) throws IOException {
    SourceLayout layout = source.layout(hadoop);
    while (true) {
      List<SplitReport> reports = new ArrayList<>();
      for (SourceSplit split : layout.splits()) {
        reports.add(forEachBlock(source, hadoop, layout, split, block -> {}));
      }
      Settlement settlement = source.settle(layout, reports);
      if (settlement instanceof Settled settled) {
        return settled;
      }
      layout = ((ReadAgain) settlement).layout();
    }
  }

  /**
   * Reads all examples of a source that fits into memory, with the ids and classes of the source.
   */
  public static List<Block> blocks(ExampleSource source, Configuration hadoop) throws IOException {
    Settled settled = settle(source, hadoop);
    List<Block> blocks = new ArrayList<>();
    for (SourceSplit split : settled.layout().splits()) {
      forEachBlock(
          source,
          hadoop,
          settled.layout(),
          split,
          block -> blocks.add(settled.numbered(split.index(), block)));
    }
    return blocks;
  }

  private static SplitReport forEachBlock(
      ExampleSource source,
      Configuration hadoop,
      SourceLayout layout,
      SourceSplit split,
      Consumer<Block> consumer)
      throws IOException {
    try (SplitReader reader = source.open(hadoop, layout, split)) {
      for (Optional<Block> next = reader.next(); next.isPresent(); next = reader.next()) {
        consumer.accept(next.get());
      }
      return reader.report();
    }
  }
}
