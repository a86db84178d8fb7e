package io.lockstep.spark;

import io.lockstep.data.source.SourceSplit;
import java.util.List;
import java.util.stream.IntStream;

/** The splits of rows that know no files: their partitions. */
final class Splits {
  private Splits() {}

  static List<SourceSplit> of(String name, int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(part -> new SourceSplit(part, "%s partition %d".formatted(name, part), 0, 0))
        .toList();
  }
}
