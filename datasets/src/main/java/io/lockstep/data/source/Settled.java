package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.series.SeriesParts;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A source of which all splits were read: how many examples it has, what its labels are, and how
 * the rows of its splits are numbered.
 *
 * @param layout it was read by
 * @param starts id of the first example of each split, and the number of all examples that are not
 *     held out by the source at the end
 * @param labels of the examples
 * @param recodings per split and output the class of each id in its blocks; an array is empty where
 *     ids are classes already, the list if they are so everywhere
 * @param steps time steps of all examples' sequences
 * @param labelRanges range of the numbers that each output is to predict
 * @param featureRange range of all numbers among the features
 * @param hash SHA-256 of the content, in hex: equal for equal examples, wherever they lie
 * @param bytesRead by all splits, as the file system counts them
 * @param seriesParts of a source of series, whose examples that are held out are numbered last;
 *     null of others
 * @param skipped records that were left out; they are none of the examples, and have no ids
 * @param words of its columns
 */
@SuppressWarnings("ArrayRecordComponent") // two numbers a split; compared by nobody
public record Settled(
    SourceLayout layout,
    long[] starts,
    Labels labels,
    List<int[][]> recodings,
    long steps,
    List<Range> labelRanges,
    Range featureRange,
    String hash,
    long bytesRead,
    SeriesParts seriesParts,
    SkippedRecords skipped,
    ColumnWords words)
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
    int outputs = layout.schema().labels().size();
    List<Range> ranges = new ArrayList<>(Collections.nCopies(outputs, Range.NONE));
    Range featureRange = Range.NONE;
    MessageDigest digest = Sha256.digest();
    for (int split = 0; split < reports.size(); split++) {
      SplitReport report = reports.get(split);
      starts[split + 1] = starts[split] + report.examples();
      steps += report.steps();
      bytes += report.bytes();
      featureRange = featureRange.and(report.features());
      digest.update(HexFormat.of().parseHex(report.hash()));
      for (int output = 0; output < report.outputs().size(); output++) {
        SplitReport.LabelsFound found = report.outputs().get(output);
        if (output < outputs) {
          ranges.set(output, ranges.get(output).and(found.range()));
        }
        for (String name : found.classes()) {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
        }
      }
    }
    var words = ColumnWords.of(reports);
    words.update(digest);
    return new Settled(
        layout,
        starts,
        labels,
        named ? recodings(reports, labels) : List.of(),
        steps,
        ranges,
        featureRange,
        Sha256.hex(digest),
        bytes,
        null,
        SkippedRecords.of(layout, reports),
        words);
  }

  private static List<int[][]> recodings(List<SplitReport> reports, Labels labels) {
    List<int[][]> recodings = new ArrayList<>();
    for (SplitReport ignored : reports) {
      recodings.add(new int[labels.each().size()][0]);
    }
    for (int output = 0; output < labels.each().size(); output++) {
      if (labels.each().get(output) instanceof Labels.Classes classes) {
        for (int split = 0; split < reports.size(); split++) {
          recodings.get(split)[output] =
              recoding(reports.get(split).outputs().get(output).classes(), classes);
        }
      }
    }
    return recodings;
  }

  private static int[] recoding(List<String> found, Labels.Classes classes) {
    Map<String, Integer> known = new HashMap<>();
    for (String name : classes.names()) {
      known.put(name, known.size());
    }
    int[] recoding = new int[found.size()];
    for (int id = 0; id < recoding.length; id++) {
      Integer number = known.get(found.get(id));
      if (number == null) {
        throw new InputException(
            "label '%s' is not among the classes %s"
                .formatted(found.get(id), Labels.abbreviate(classes.names())));
      }
      recoding[id] = number;
    }
    return recoding;
  }

  /** The same with other labels. */
  public Settled withLabels(Labels others) {
    return new Settled(
        layout,
        starts,
        others,
        recodings,
        steps,
        labelRanges,
        featureRange,
        hash,
        bytesRead,
        seriesParts,
        skipped,
        words);
  }

  /** The same whose last examples are held out. */
  public Settled with(SourceLayout known, SeriesParts parts) {
    return new Settled(
        known,
        starts,
        labels,
        recodings,
        steps,
        labelRanges,
        featureRange,
        hash,
        bytesRead,
        parts,
        skipped,
        words);
  }

  /**
   * How many of the last examples the source holds out itself; empty if it leaves that to others.
   */
  public OptionalLong held() {
    return seriesParts == null ? OptionalLong.empty() : OptionalLong.of(seriesParts.held());
  }

  /** What the user should know of the data, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(seriesParts == null ? List.of() : seriesParts.notes());
    if (skipped.total() > 0) {
      notes.add(isRunningText() ? skipped.sentence("lines") : skipped.sentence(examples(), what()));
    }
    return notes;
  }

  /** What can hardly be meant, a sentence each. */
  public List<String> warnings() {
    return skipped.total() > examples() && !isRunningText()
        ? List.of(
            "more than half of the %s were skipped: %s. The first: %s: %s"
                .formatted(
                    what(),
                    skipped.kinds(),
                    skipped.first().get(0).where(),
                    skipped.first().get(0).message()))
        : List.of();
  }

  private String what() {
    return layout.text().isPresent() ? "texts" : "records";
  }

  private boolean isRunningText() {
    return layout.text().isPresent() && schema().labels().isEmpty();
  }

  /** Range of the numbers that an output is to predict; none if that is not known. */
  public Range labelRange(int output) {
    return output < labelRanges.size() ? labelRanges.get(output) : Range.NONE;
  }

  /** Number of examples. */
  public long examples() {
    return starts[starts.length - 1] + (seriesParts == null ? 0 : seriesParts.held());
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
      ids[row] =
          raw.id(row) >= 0
              ? starts[split] + raw.id(row)
              : seriesParts.id(starts[starts.length - 1], split, raw.id(row));
    }
    Block block = words.recoded(split, raw.withIds(ids));
    if (seriesParts != null) {
      return seriesParts.scaled(split, block);
    }
    return recodings.isEmpty() ? block : recoded(block, recodings.get(split));
  }

  private static Block recoded(Block block, int[][] recodings) {
    Schema schema = block.schema();
    List<Field> fields = schema.fields();
    Values[] columns = new Values[fields.size()];
    for (int column = 0; column < columns.length; column++) {
      columns[column] = block.values(column);
      int output = column - schema.firstLabel();
      if (output >= 0
          && recodings[output].length > 0
          && columns[column] instanceof Values.Ints ids) {
        int[] recoding = recodings[output];
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
