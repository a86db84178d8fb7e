package io.lockstep.data.source;

import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.text.TextLayout;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

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
 * @param textLayout that the first input is text; null if it is numbers
 * @param seriesLayout that examples are windows of series; null if they are not
 * @param passed names of what readers pass through of each record; empty if nothing
 * @param kinds what is to be made of each feature column of a table; empty where all are numbers
 *     that stay as they are
 */
public record SourceLayout(
    List<SourceSplit> splits,
    Schema schema,
    List<String> header,
    List<String> columns,
    List<String> targets,
    long bytes,
    TextLayout textLayout,
    SeriesLayout seriesLayout,
    List<String> passed,
    List<Column> kinds)
    implements Serializable {
  public SourceLayout {
    passed = List.copyOf(passed);
    kinds = List.copyOf(kinds);
    splits = List.copyOf(splits);
    header = List.copyOf(header);
    columns = List.copyOf(columns);
    targets = List.copyOf(targets);
  }

  /** A layout of examples that are numbers. */
  public SourceLayout(
      List<SourceSplit> splits,
      Schema schema,
      List<String> header,
      List<String> columns,
      List<String> targets,
      long bytes) {
    this(splits, schema, header, columns, targets, bytes, null, null);
  }

  /** A layout of which nothing is passed through. */
  public SourceLayout(
      List<SourceSplit> splits,
      Schema schema,
      List<String> header,
      List<String> columns,
      List<String> targets,
      long bytes,
      TextLayout textLayout,
      SeriesLayout seriesLayout) {
    this(
        splits,
        schema,
        header,
        columns,
        targets,
        bytes,
        textLayout,
        seriesLayout,
        List.of(),
        List.of());
  }

  /** A layout of texts, which are no table. */
  public static SourceLayout of(
      List<SourceSplit> splits, Schema schema, long bytes, TextLayout text) {
    return new SourceLayout(splits, schema, List.of(), List.of(), List.of(), bytes, text, null);
  }

  /** The same with other splits. */
  public SourceLayout withSplits(List<SourceSplit> others) {
    return new SourceLayout(
        others, schema, header, columns, targets, bytes, textLayout, seriesLayout, passed, kinds);
  }

  /** The same whose readers pass this through of each record. */
  public SourceLayout passing(List<String> names) {
    return new SourceLayout(
        splits, schema, header, columns, targets, bytes, textLayout, seriesLayout, names, kinds);
  }

  /** The same whose feature columns are made into features. */
  public SourceLayout encoding(List<Column> columns) {
    return new SourceLayout(
        splits,
        schema,
        header,
        this.columns,
        targets,
        bytes,
        textLayout,
        seriesLayout,
        passed,
        columns);
  }

  /** The same with more known of its text. */
  public SourceLayout with(TextLayout more) {
    return new SourceLayout(
        splits, schema, header, columns, targets, bytes, more, seriesLayout, passed, kinds);
  }

  /** The same with more known of its series. */
  public SourceLayout with(SeriesLayout more) {
    return new SourceLayout(
        splits, schema, header, columns, targets, bytes, textLayout, more, passed, kinds);
  }

  /** That the first input is text; empty if it is numbers. */
  public Optional<TextLayout> text() {
    return Optional.ofNullable(textLayout);
  }

  /** That examples are windows of series; empty if they are not. */
  public Optional<SeriesLayout> series() {
    return Optional.ofNullable(seriesLayout);
  }
}
