package io.lockstep.data.inspect;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.SkippedRecords;
import java.util.List;
import java.util.Optional;

/** What a look at a file found, for people; see {@link Inspector}. */
public sealed interface Inspection {
  /** The file, as the user named it. */
  String path();

  /**
   * How often each value occurs.
   *
   * @param names of the values
   * @param counts as often as each name
   */
  record Histogram(List<String> names, List<Long> counts) {
    public Histogram {
      names = List.copyOf(names);
      counts = List.copyOf(counts);
    }
  }

  /**
   * Features in an IDX file.
   *
   * @param type of the stored values, such as {@code uint8}
   * @param dimensions of the file, the first being the number of examples
   * @param smallest value
   * @param largest value
   * @param mean of all values
   * @param labelsPath file with the labels, if one is known
   * @param classes class frequencies, if the labels are classes
   * @param first the first examples; with their labels, if any are known
   */
  record Features(
      String path,
      String type,
      List<Integer> dimensions,
      double smallest,
      double largest,
      double mean,
      Optional<String> labelsPath,
      Optional<Histogram> classes,
      Block first)
      implements Inspection {}

  /**
   * Labels in an IDX file.
   *
   * @param type of the stored values, such as {@code uint8}
   * @param count number of labels
   * @param classes class frequencies
   */
  record Answers(String path, String type, int count, Histogram classes) implements Inspection {}

  /**
   * A CSV file.
   *
   * @param rows number of examples
   * @param delimiter that was found or given
   * @param header whether the first line holds names
   * @param columns from left to right
   * @param skipped rows that cannot be read; they are none of the examples
   */
  record Table(
      String path,
      long rows,
      char delimiter,
      boolean header,
      List<Column> columns,
      SkippedRecords skipped)
      implements Inspection {}

  /** How text lies that is no table. */
  enum TextKind {
    /** A file of running text. */
    RUNNING,
    /** A folder of files of lines, each named for a class. */
    LINES,
    /** A folder of folders of files, each named for a class. */
    DIRECTORY
  }

  /**
   * Text that is no table.
   *
   * @param encoding it was read in
   * @param files that it lies in
   * @param lines of all
   * @param characters of all, code points, line ends included
   * @param words of all, what stands between white space
   * @param different characters
   * @param longest line, in characters; of a directory the longest file
   * @param classes lines or files of each class; empty of running text
   * @param skipped lines, or files of a directory, that cannot be read; no class counts them
   */
  record Text(
      String path,
      TextKind kind,
      String encoding,
      long files,
      long lines,
      long characters,
      long words,
      int different,
      long longest,
      Optional<Histogram> classes,
      SkippedRecords skipped)
      implements Inspection {}

  /**
   * One column of a CSV file.
   *
   * @param name in the header, or its number
   * @param numbers values that are numbers
   * @param texts values that are neither numbers nor empty
   * @param empty values that are empty
   * @param smallest number, if any
   * @param largest number, if any
   * @param mean of the numbers, if any
   * @param mostWords words of the text that has most; what stands between white space
   * @param values frequencies, if there are only a few different ones and one repeats
   */
  record Column(
      String name,
      long numbers,
      long texts,
      long empty,
      double smallest,
      double largest,
      double mean,
      int mostWords,
      Optional<Histogram> values) {}
}
