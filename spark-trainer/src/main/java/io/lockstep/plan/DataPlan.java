package io.lockstep.plan;

import io.lockstep.data.InputException;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.table.StoredTable;
import java.util.List;
import java.util.Optional;

/**
 * Which examples are trained and how they are prepared.
 *
 * @param train the examples of the training and validation splits
 * @param test what is evaluated at the end
 * @param validation fraction of {@code train} held out for evaluation during training, [0, 1)
 * @param holdOut which ones are held out; empty for what suits the source
 * @param normalize what is done to features before they reach the network
 * @param standardizeTargets whether numbers to be predicted are standardised too; not if empty
 * @param badRecords what becomes of records that cannot be used; they end a run if empty
 * @param columns what is said of the columns of a table
 */
public record DataPlan(
    ExampleSource train,
    Optional<TestPlan> test,
    double validation,
    Optional<HoldOut> holdOut,
    Normalization normalize,
    Optional<Boolean> standardizeTargets,
    Optional<BadRecords> badRecords,
    Optional<List<ColumnKeys>> columns) {
  /**
   * @throws InputException if columns are named and pixels are scaled
   */
  public DataPlan {
    if (columns.isPresent() && normalize == Normalization.SCALE) {
      throw new InputException(
          "normalize: scale is for pixels; with columns say how each is scaled, or standardize");
    }
    Optional<String> weight = weight(columns.orElse(List.of()));
    if (weight.isPresent()) {
      train = weighted(train, weight.get());
      test =
          test.map(
              it ->
                  it instanceof TestPlan.Source source
                      ? new TestPlan.Source(weighted(source.examples(), weight.get()))
                      : it);
    }
  }

  private static Optional<String> weight(List<ColumnKeys> columns) {
    List<String> named = columns.stream().flatMap(it -> it.weight().stream()).toList();
    if (named.size() > 1) {
      throw new InputException(
          "columns: two rules name weights, %s; take one of them".formatted(named));
    }
    return named.stream().findFirst();
  }

  /** A weight that a rule names is one that the source names: so whoever asks finds it there. */
  private static ExampleSource weighted(ExampleSource source, String column) {
    if (source instanceof StoredTable stored) {
      return isNamed(stored.options().weight(), column)
          ? stored
          : stored.weighted(new CsvOptions.Weight(column, false));
    }
    if (!(source instanceof CsvSource csv)) {
      throw new InputException(
          "columns: weight names a column of a table, and %s is none".formatted(source.name()));
    }
    return isNamed(csv.options().weight(), column)
        ? csv
        : csv.weighted(new CsvOptions.Weight(column, false));
  }

  private static boolean isNamed(CsvOptions.Weight own, String column) {
    if (own.named() && !own.column().equals(column)) {
      throw new InputException(
          "columns: weight is %s, but the table has %s under weight; take one of them"
              .formatted(column, own.column()));
    }
    return own.named();
  }

  /** The source that is evaluated at the end, if there is one of its own. */
  public Optional<ExampleSource> testSource() {
    return test.filter(TestPlan.Source.class::isInstance)
        .map(it -> ((TestPlan.Source) it).examples());
  }

  /** Fraction of {@code train} that is held out to be evaluated at the end, [0, 1). */
  public double testShare() {
    return test.filter(TestPlan.Share.class::isInstance)
        .map(it -> ((TestPlan.Share) it).fraction())
        .orElse(0.0);
  }

  /** Which examples are held out for validation and, if no source gives it, as the test. */
  public enum HoldOut {
    /** Drawn from the seed. */
    RANDOM,
    /** The last ones of the source, as Keras' validation_split. */
    LAST
  }

  /** Whether it is the last examples that are held out. */
  public boolean holdsOutLast() {
    return holdOut.map(it -> it == HoldOut.LAST).orElse(train.ordered());
  }

  /** What is said of the columns of the table; nothing of others. */
  public ColumnRules rules() {
    return new ColumnRules(
        columns.orElse(List.of()).stream()
            .filter(ColumnKeys::isOfValues)
            .map(it -> it.rule(scale()))
            .toList(),
        scale());
  }

  private Column.Scale scale() {
    return normalize == Normalization.STANDARDIZE ? Column.Scale.STANDARDIZE : Column.Scale.NONE;
  }

  /** What is done to features before they reach the network. */
  public enum Normalization {
    /** Nothing. */
    NONE,
    /** Divided by 255: pixels become [0, 1]. */
    SCALE,
    /** Mean 0 and deviation 1 per feature, fitted on the training split. */
    STANDARDIZE
  }
}
