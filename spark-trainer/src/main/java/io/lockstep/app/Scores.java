package io.lockstep.app;

import io.lockstep.data.source.SkippedRecords;
import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link Scoring}: the counts are those of what was read and of what Spark wrote,
 * and agree.
 *
 * @param data that was scored, as messages call it
 * @param output folder of the scores
 * @param rows written, one for each example
 * @param files that hold them
 * @param columns of the scores, those that were passed through first
 * @param labelled whether the data has labels
 * @param skipped records that were left out
 * @param setAside folder of these records, if they were set aside and there are any
 * @param seconds that it took
 */
public record Scores(
    String data,
    String output,
    long rows,
    int files,
    List<String> columns,
    boolean labelled,
    SkippedRecords skipped,
    Optional<String> setAside,
    double seconds) {
  /** Records that were read, those that were left out among them. */
  public long records() {
    return rows + skipped.total();
  }
}
