package io.lockstep.data.source.series;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.text.TextFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The rows that the task of a split looks at, piece by piece: several files that are a sequence
 * each; or a range of a file, and what lies beyond its end. Not thread-safe.
 */
final class SequenceRows implements AutoCloseable {
  private final Configuration hadoop;
  private final SequencesOptions options;
  private final SeriesColumns columns;
  private final List<SourceSplit> pieces;
  private final List<String> labels; // of the pieces, where each is a sequence
  private final Map<String, String> labelsByName;
  private final boolean files;
  private SeriesRows rows;
  private int piece = -1;
  private long before; // lines of the pieces of the file that were read

  private SequenceRows(
      Configuration hadoop,
      SequencesOptions options,
      SeriesColumns columns,
      List<SourceSplit> pieces,
      List<String> labels,
      Map<String, String> labelsByName,
      boolean files) {
    this.hadoop = hadoop;
    this.options = options;
    this.columns = columns;
    this.pieces = pieces;
    this.labels = labels;
    this.labelsByName = labelsByName;
    this.files = files;
  }

  static SequenceRows files(
      Configuration hadoop,
      SequencesOptions options,
      SeriesColumns columns,
      List<DataFile> files,
      List<String> labels) {
    return new SequenceRows(
        hadoop,
        options,
        columns,
        files.stream().map(it -> new SourceSplit(0, it.name(), 0, Long.MAX_VALUE)).toList(),
        labels,
        Map.of(),
        true);
  }

  static SequenceRows range(
      Configuration hadoop,
      SequencesOptions options,
      SeriesColumns columns,
      SourceSplit split,
      Map<String, String> labels) {
    List<SourceSplit> pieces =
        TextFiles.isWhole(split)
            ? List.of(split)
            : List.of(split, new SourceSplit(0, split.file(), split.to(), Long.MAX_VALUE - 1));
    return new SequenceRows(hadoop, options, columns, pieces, List.of(), labels, false);
  }

  /** Opens the next piece; false if there is none. */
  boolean nextPiece() throws IOException {
    if (piece + 1 == pieces.size()) {
      return false;
    }
    if (rows != null) {
      before = files ? 0 : rows.lines();
      rows.close();
    }
    piece++;
    rows = SeriesRows.open(hadoop, options.table(), columns, pieces.get(piece), false);
    return true;
  }

  SeriesRows rows() {
    return rows;
  }

  /** Whether the rows lie beyond the split's end. */
  boolean beyond() {
    return !files && piece == 1;
  }

  /** Whether the split begins in the midst of a file. */
  boolean midst() {
    return pieces.get(0).from() > 0;
  }

  /** Whether each piece is a sequence. */
  boolean eachFile() {
    return files;
  }

  String file() {
    return pieces.get(piece).file();
  }

  /** The class that a sequence has by the file of labels; null if it has none there. */
  String label(String sequence) {
    return files ? labels.get(piece) : labelsByName.get(sequence);
  }

  /** Lines of the split's own. */
  long lines() {
    return files || rows == null ? 0 : beyond() ? before : rows.lines();
  }

  /** A problem as the split's report has it. */
  SplitReport.Problem placed(SplitReport.Problem problem) {
    if (!files) {
      return new SplitReport.Problem(problem.line() + before, problem.column(), problem.message());
    }
    String name = file().substring(file().lastIndexOf('/') + 1);
    return new SplitReport.Problem(0, "", CsvProblems.text("file " + name, "line", 0, problem));
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows.close();
    }
  }
}
