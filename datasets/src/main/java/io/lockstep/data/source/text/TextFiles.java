package io.lockstep.data.source.text;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.LineRange;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvProblems;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * What the sources of text have in common: how files are cut and opened, and what examples have.
 */
public final class TextFiles {
  /** Raw texts, each of a class. */
  static final Schema LABELLED =
      Schema.of(Field.sequence("text", ElementType.UINT8), Field.of("class", ElementType.INT32));

  /** Raw texts alone. */
  static final Schema PLAIN =
      new Schema(List.of(Field.sequence("text", ElementType.UINT8)), List.of(), false, false);

  /** As many first bytes as are looked at. */
  private static final int START = 512;

  private TextFiles() {}

  /**
   * Cuts files into splits: those that are packed, or whose encoding does not show where lines end,
   * not at all.
   *
   * @throws InputException if one is no text
   */
  public static List<SourceSplit> splits(
      Configuration hadoop, List<DataFile> files, TextEncoding encoding, long splitBytes)
      throws IOException {
    List<SourceSplit> splits = new ArrayList<>();
    for (DataFile file : files) {
      boolean whole = look(hadoop, file, encoding) != Packing.NONE || !encoding.cuttable();
      long step = whole ? Long.MAX_VALUE : splitBytes;
      long end = whole ? Long.MAX_VALUE : Math.max(1, file.length());
      for (long from = 0; from < end; from += Math.min(step, end - from)) {
        splits.add(
            new SourceSplit(splits.size(), file.name(), from, from + Math.min(step, end - from)));
      }
    }
    return splits;
  }

  private static Packing look(Configuration hadoop, DataFile file, TextEncoding encoding)
      throws IOException {
    byte[] start;
    try (InputStream in = file.openRaw(hadoop, 0)) {
      start = in.readNBytes(START);
    }
    Packing packing = Packing.of(start);
    if (packing == Packing.NONE && encoding.isUtf8()) {
      checkText(file.name(), start);
    }
    return packing;
  }

  private static void checkText(String file, byte[] start) {
    boolean marked =
        start.length > 1
            && ((start[0] == (byte) 0xFF && start[1] == (byte) 0xFE)
                || (start[0] == (byte) 0xFE && start[1] == (byte) 0xFF));
    if (marked) {
      throw new InputException(file + ": is UTF-16 text, not UTF-8. Set encoding: utf-16.");
    }
    for (byte value : start) {
      if (value == 0) {
        throw new InputException(
            file
                + ": is not text but binary. Name a text file, plain or packed with gzip, bzip2 or"
                + " zstd.");
      }
    }
  }

  /** Whether a split is a whole file, packed or not. */
  public static boolean isWhole(SourceSplit split) {
    return split.to() == Long.MAX_VALUE;
  }

  /** Opens the lines that begin in a split, in the file's own encoding. */
  static InputStream open(Configuration hadoop, DataFile file, SourceSplit split)
      throws IOException {
    return isWhole(split)
        ? file.openContent(hadoop).in()
        : LineRange.of(
            file.openRaw(hadoop, LineRange.start(split.from())), split.from(), split.to());
  }

  /**
   * What the splits found wrong, told with lines counted over whole files.
   *
   * @throws InputException if there is anything
   */
  static void check(SourceLayout layout, List<SplitReport> reports) {
    new CsvProblems(layout, reports, "line").check();
  }

  /**
   * Makes sure that something is left to be learned.
   *
   * @throws InputException if there are no examples
   */
  static void checkAny(String path, SourceLayout layout, List<SplitReport> reports) {
    if (reports.stream().mapToLong(SplitReport::examples).sum() > 0) {
      return;
    }
    SkippedRecords skipped = SkippedRecords.of(layout, reports);
    if (skipped.total() == 0) {
      throw new InputException(path + ": holds no examples.");
    }
    SkippedRecords.Place first = skipped.first().get(0);
    throw new InputException(
        String.format(
            Locale.ROOT,
            "%s: none of the %,d texts can be used: %s. The first: %s: %s",
            path,
            skipped.total(),
            skipped.kinds(),
            first.where(),
            first.message()));
  }

  /**
   * Settles texts whose classes are names of files or folders.
   *
   * @param given names in label order; empty to take those that are found, sorted
   * @param what the names are names of, such as {@code file}
   */
  static Settled settle(
      String path,
      List<String> given,
      String what,
      SourceLayout layout,
      List<SplitReport> reports) {
    check(layout, reports);
    checkAny(path, layout, reports);
    if (layout.schema().labels().isEmpty()) { // to be scored
      return Settled.of(layout, reports, new Labels.Targets(List.of("unknown")), false);
    }
    SortedSet<String> found = new TreeSet<>();
    reports.forEach(report -> found.addAll(report.classes()));
    if (!given.isEmpty()) {
      return Settled.of(layout, reports, new Labels.Classes(given), true);
    }
    if (found.size() == 1) {
      throw new InputException(
          "%s: there is only the class '%s', of which nothing can be learned. Each class has a %s of"
                  .formatted(path, found.first(), what)
              + " its own, whose name is the class.");
    }
    return Settled.of(layout, reports, new Labels.Classes(List.copyOf(found)), true);
  }
}
