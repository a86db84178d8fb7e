package io.lockstep.spark;

import io.lockstep.data.source.SourceSplit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import scala.reflect.ClassTag;

/**
 * Rows that Spark reads from files, a piece of one file a partition, in the order of the files'
 * paths and of the pieces in them. Spark itself takes large files first.
 *
 * @param rows a partition for each piece
 * @param splits of the partitions
 */
record FileOrder(JavaRDD<Row> rows, List<SourceSplit> splits) {
  private record Piece(Partition partition, PartitionedFile file) {
    String path() {
      return file.toPath().toString();
    }
  }

  /**
   * Puts rows in order; empty if Spark does more to them than to read files and to look at each row
   * alone, or reads several pieces in one go.
   *
   * @param name of the whole, as the user has it
   */
  static Optional<FileOrder> of(JavaRDD<Row> rows, String name) {
    List<Piece> pieces = new ArrayList<>();
    for (Partition partition : rows.rdd().partitions()) {
      if (!(partition instanceof FilePartition files) || files.files().length != 1) {
        return Optional.empty();
      }
      pieces.add(new Piece(partition, files.files()[0]));
    }
    pieces.sort(Comparator.comparing(Piece::path).thenComparingLong(piece -> piece.file().start()));
    List<SourceSplit> splits = new ArrayList<>();
    boolean several = pieces.stream().map(Piece::path).distinct().count() > 1;
    for (Piece piece : pieces) {
      // Rows are counted from the beginning of a file; where in it a piece begins, is of no use.
      long from = piece.file().start() == 0 ? 0 : 1;
      splits.add(
          new SourceSplit(splits.size(), shortened(piece.path(), name, several), from, from));
    }
    var ordered =
        new OrderedRdd<>(
            rows.rdd(),
            pieces.stream().map(Piece::partition).toList(),
            ClassTag.<Row>apply(Row.class));
    return Optional.of(new FileOrder(ordered.toJavaRDD(), splits));
  }

  /** A path as the user would write it. */
  private static String shortened(String path, String name, boolean several) {
    int at = path.indexOf(name);
    return at >= 0 ? path.substring(at) : several || !name.contains("*") ? path : name;
  }
}
