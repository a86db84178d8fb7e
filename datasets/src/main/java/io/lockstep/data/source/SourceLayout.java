package io.lockstep.data.source;

import io.lockstep.data.block.Schema;
import java.io.Serializable;
import java.util.List;

/**
 * How a source is going to be read: a pure function of its files, never of the cluster.
 *
 * @param splits in the order in which their examples are numbered, at least one
 * @param schema of the blocks that readers make; class labels are ids within each split
 * @param header names of all columns of a table; empty if the source is no table
 * @param columns names of the features in the order in which the network sees them, as a table has
 *     them; empty if the source is no table
 * @param targets names of the label columns of a table; empty for others
 * @param bytes of all files, as stored
 */
public record SourceLayout(
    List<SourceSplit> splits,
    Schema schema,
    List<String> header,
    List<String> columns,
    List<String> targets,
    long bytes)
    implements Serializable {
  public SourceLayout {
    splits = List.copyOf(splits);
    header = List.copyOf(header);
    columns = List.copyOf(columns);
    targets = List.copyOf(targets);
  }
}
