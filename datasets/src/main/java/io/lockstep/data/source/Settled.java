package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.file.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A source of which all splits were read: how many examples it has, what its labels are, and how
 * the rows of its splits are numbered.
 *
 * @param layout it was read by
 * @param starts id of the first example of each split, and the number of all examples at the end
 * @param labels of the examples
 * @param recodings per split the class of each id in its blocks; empty if ids are classes already
 * @param steps time steps of all examples' sequences
 * @param labelRange range of numbers to be predicted
 * @param featureRange range of all numbers among the features
 * @param hash SHA-256 of the content, in hex: equal for equal examples, wherever they lie
 * @param bytesRead by all splits, as the file system counts them
 */
@SuppressWarnings("ArrayRecordComponent") // two numbers a split; compared by nobody
public record Settled(
    SourceLayout layout,
    long[] starts,
    Labels labels,
    List<int[]> recodings,
    long steps,
    Range labelRange,
    Range featureRange,
    String hash,
    long bytesRead)
    implements Settlement, Serializable {

  /**
   * Settles a source whose splits had no problem.
   *
   * @param labels with the classes in their order
   * @param named whether ids in the blocks stand for names in the reports
   * @throws InputException if a name is not among the classes
   */
  public static Settled of(
      SourceLayout layout, List<SplitReport> reports, Labels labels, boolean named) {
    long[] starts = new long[reports.size() + 1];
    long steps = 0;
    long bytes = 0;
    Range labelRange = Range.NONE;
    Range featureRange = Range.NONE;
    MessageDigest digest = Sha256.digest();
    for (int split = 0; split < reports.size(); split++) {
      SplitReport report = reports.get(split);
      starts[split + 1] = starts[split] + report.examples();
      steps += report.steps();
      bytes += report.bytes();
      labelRange = labelRange.and(report.labels());
      featureRange = featureRange.and(report.features());
      digest.update(HexFormat.of().parseHex(report.hash()));
      for (String name : report.classes()) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
    }
    return new Settled(
        layout,
        starts,
        labels,
        named ? recodings(reports, labels) : List.of(),
        steps,
        labelRange,
        featureRange,
        Sha256.hex(digest),
        bytes);
  }

  private static List<int[]> recodings(List<SplitReport> reports, Labels labels) {
    Map<String, Integer> known = new HashMap<>();
    for (String name : labels.names()) {
      known.put(name, known.size());
    }
    List<int[]> recodings = new ArrayList<>();
    for (SplitReport report : reports) {
      int[] recoding = new int[report.classes().size()];
      for (int id = 0; id < recoding.length; id++) {
        Integer number = known.get(report.classes().get(id));
        if (number == null) {
          throw new InputException(
              "label '%s' is not among the classes %s"
                  .formatted(report.classes().get(id), Labels.abbreviate(labels.names())));
        }
        recoding[id] = number;
      }
      recodings.add(recoding);
    }
    return recodings;
  }

  /** The same with other labels. */
  public Settled withLabels(Labels others) {
    return new Settled(
        layout, starts, others, recodings, steps, labelRange, featureRange, hash, bytesRead);
  }

  /** Number of examples. */
  public long examples() {
    return starts[starts.length - 1];
  }

  /** Time steps of a sequence in the mean, 1 if there are none. */
  public double meanSteps() {
    return steps == 0 || examples() == 0 ? 1 : (double) steps / examples();
  }

  /** What each example has. */
  public Schema schema() {
    return layout.schema();
  }

  /** Shape of the first input of one example, or of one of its time steps. */
  public List<Integer> shape() {
    return schema().inputs().get(0).shape();
  }

  /** A block that a reader of split {@code split} made, with the ids and classes of the source. */
  public Block numbered(int split, Block raw) {
    long[] ids = new long[raw.size()];
    for (int row = 0; row < ids.length; row++) {
      ids[row] = starts[split] + raw.id(row);
    }
    Block block = raw.withIds(ids);
    return recodings.isEmpty() ? block : recoded(block, recodings.get(split));
  }

  private static Block recoded(Block block, int[] recoding) {
    Schema schema = block.schema();
    List<Field> fields = schema.fields();
    Values[] columns = new Values[fields.size()];
    for (int column = 0; column < columns.length; column++) {
      columns[column] = block.values(column);
      if (column >= schema.firstLabel() && columns[column] instanceof Values.Ints ids) {
        int[] classes = new int[ids.length()];
        for (int i = 0; i < classes.length; i++) {
          classes[i] = recoding[ids.array()[i]];
        }
        columns[column] = new Values.Ints(classes);
      }
    }
    return block.withColumns(schema, columns);
  }
}
