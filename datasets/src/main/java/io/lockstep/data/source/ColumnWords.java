package io.lockstep.data.source;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Values;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The words of the feature columns of a source, and which of them the ids of each split mean.
 *
 * @param dictionary words of each column by their ids, in order; empty for numbers, and where all
 *     columns are numbers
 * @param recodings per split and column the id of each id of the split
 */
public record ColumnWords(List<List<String>> dictionary, List<int[][]> recodings)
    implements Serializable {
  /** Of a source without words. */
  static final ColumnWords NONE = new ColumnWords(List.of(), List.of());

  static ColumnWords of(List<SplitReport> reports) {
    int columns = reports.stream().mapToInt(report -> report.words().size()).max().orElse(0);
    if (columns == 0) {
      return NONE;
    }
    List<List<String>> dictionary = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      dictionary.add(sorted(reports, column));
    }
    List<int[][]> recodings = new ArrayList<>();
    reports.forEach(report -> recodings.add(new int[columns][]));
    for (int column = 0; column < columns; column++) {
      Map<String, Integer> ids = new HashMap<>();
      dictionary.get(column).forEach(word -> ids.put(word, ids.size()));
      for (int split = 0; split < reports.size(); split++) {
        recodings.get(split)[column] =
            words(reports.get(split), column).stream().mapToInt(ids::get).toArray();
      }
    }
    return new ColumnWords(dictionary, recodings);
  }

  /** All words of a column: as numbers if all are, else by character. */
  private static List<String> sorted(List<SplitReport> reports, int column) {
    Set<String> words = new TreeSet<>();
    reports.forEach(report -> words.addAll(words(report, column)));
    if (!Numbers.areNumbers(words)) {
      return List.copyOf(words);
    }
    return words.stream()
        .sorted(
            Comparator.comparingDouble((String word) -> Double.parseDouble(word))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static List<String> words(SplitReport report, int column) {
    return report.words().isEmpty() ? List.of() : report.words().get(column);
  }

  /** Words beside the ids of blocks are content too. */
  void update(MessageDigest digest) {
    for (List<String> words : dictionary) {
      for (String word : words) {
        digest.update(word.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
    }
  }

  /** A block of a split with the ids of the source. */
  Block recoded(int split, Block block) {
    if (dictionary.isEmpty()) {
      return block;
    }
    List<Field> fields = block.schema().fields();
    Values[] columns = new Values[fields.size()];
    int first = 0; // column of the table
    for (int field = 0; field < columns.length; field++) {
      columns[field] = block.values(field);
      if (field < block.schema().firstLabel()) {
        int width = fields.get(field).width();
        columns[field] = recoded(recodings.get(split), first, block.values(field), width);
        first += width;
      }
    }
    return block.withColumns(block.schema(), columns);
  }

  private static Values recoded(int[][] recodings, int first, Values raw, int width) {
    double[] values = new double[raw.length()];
    for (int at = 0; at < values.length; at++) {
      int[] recoding = recodings[first + at % width];
      double value = raw.at(at);
      boolean word = recoding.length > 0 && !Double.isNaN(value);
      values[at] = word ? recoding[(int) value] : value;
    }
    return new Values.Doubles(values);
  }
}
