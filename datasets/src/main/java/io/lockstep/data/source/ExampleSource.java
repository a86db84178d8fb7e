package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Where examples come from; a value, so that a plan can name it and any JVM can open it.
 *
 * <p>It is read in three steps: the driver asks for the {@link #layout}; tasks read its splits,
 * each byte once ({@link #open}); the driver {@linkplain #settle settles} what they found. An
 * example is known by its position in the source, counted from 0 over all splits. Implementations
 * are immutable; a new source is one class.
 */
public interface ExampleSource extends Serializable {
  /**
   * Lists files and splits; reads a header at most.
   *
   * @param hadoop decides what paths without a scheme mean
   * @throws InputException if a file is missing or not what was said of it
   * @throws IOException if the file system fails
   */
  SourceLayout layout(Configuration hadoop) throws IOException;

  /**
   * Opens one split of a layout for reading.
   *
   * @throws IOException if the file system fails
   */
  SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) throws IOException;

  /**
   * Puts together what the splits reported.
   *
   * @param reports of all splits of the layout, in their order
   * @return the whole, or another layout to be read instead
   * @throws InputException if the data must be mended; names file and line
   */
  Settlement settle(SourceLayout layout, List<SplitReport> reports);

  /**
   * The same examples understood as those of another source were: with its classes in its order and
   * its columns by name. So a test set gets the classes and columns of the training set.
   *
   * @param columns names of feature columns of a table, in order; ignored by other sources
   * @throws InputException if that cannot be
   */
  ExampleSource like(Labels labels, List<String> columns);

  /**
   * The same examples with their texts prepared as those of another source were: so a test set gets
   * the tokens of the training set.
   *
   * @throws InputException if this is no source of texts
   */
  default ExampleSource preparedLike(TextOptions options) {
    throw new InputException(
        "%s holds no text, but the training examples are text. Name a source of texts."
            .formatted(name()));
  }

  /**
   * The same examples with those that are to be held out numbered last, if the source knows better
   * than others which these are, as of series.
   *
   * @param share of the examples, [0, 1)
   * @param random whether they are to be drawn at random
   * @throws InputException if they cannot be
   */
  default ExampleSource holdingOut(double share, boolean random) {
    return this;
  }

  /**
   * The same examples cut into windows as those of another source were.
   *
   * @throws InputException if this is no source of series
   */
  default ExampleSource seriesLike(SeriesLayout training) {
    throw new InputException(
        "%s holds no series, but the training examples are windows of series. Name a source of series."
            .formatted(name()));
  }

  /**
   * The same examples without the time steps whose features all have {@code value}: padded
   * sequences become sequences of their own lengths.
   *
   * @throws InputException if these are no sequences of numbers from a table
   */
  default ExampleSource masked(double value) {
    throw new InputException(
        "masking is for sequences in a table, with shape: [time, features]; %s is no table."
            .formatted(name()));
  }

  /**
   * The same examples with another policy for records that cannot be used.
   *
   * @throws InputException if the source has no such policy
   */
  default ExampleSource withBadRecords(BadRecords policy) {
    if (policy == BadRecords.FAIL) {
      return this;
    }
    throw new InputException(
        "badRecords: only texts and rows of tables can be left out, and %s has neither. Leave badRecords out, and mend what is wrong."
            .formatted(name()));
  }

  /**
   * The same examples with what is said of the columns of their table.
   *
   * @throws InputException if this is no table of a file
   */
  default ExampleSource withColumns(ColumnRules rules) {
    if (rules.isEmpty()) {
      return this;
    }
    throw new InputException(
        "columns: only those of a csv can be named, and %s is none.".formatted(name()));
  }

  /**
   * The same examples to be scored by a network that was trained on others: labels may be missing,
   * classes are numbered as they were in training, and readers pass through what is asked for.
   *
   * @throws InputException if such examples cannot be scored; says what else to do
   */
  default ExampleSource toScore(ToScore how) {
    throw new InputException(
        "%s cannot be scored: name a table, texts, sequences or images.".formatted(name()));
  }

  /** Whether splits are ranges of rows, so that the number of an example is known at once. */
  default boolean splitsAreRows() {
    return false;
  }

  /** Other texts or sequences, at {@code path}, that lie as these do; empty for other sources. */
  default Optional<ExampleSource> at(String path) {
    return Optional.empty();
  }

  /**
   * Whether its order means something, so that neighbours belong together and it is the last
   * examples that are held out, such as windows of a text or of a series.
   */
  default boolean ordered() {
    return false;
  }

  /**
   * Whether an input is normalised as the plan says; not, if the source says so of it.
   *
   * @param input name of the field
   */
  default boolean normalizes(String input) {
    return true;
  }

  /** How messages name it, such as the path of its file. */
  String name();
}
