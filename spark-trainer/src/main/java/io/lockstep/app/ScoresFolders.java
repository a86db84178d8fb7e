package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.spark.SparkScoring;
import io.lockstep.spark.SparkScoring.Written;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Where what comes of scoring goes.
 *
 * @param scores folder of the rows
 * @param aside folder of the records that were left out, if they are wanted
 */
record ScoresFolders(ScoresFolder scores, Optional<ScoresFolder> aside) {
  /**
   * Sees whether the folders can be written.
   *
   * @throws InputException if one cannot, or one lies in the other
   */
  static ScoresFolders of(
      String output, Optional<String> setAside, boolean overwrite, Configuration hadoop) {
    ScoresFolder scores = ScoresFolder.of("--output", output, overwrite, hadoop);
    Optional<ScoresFolder> aside =
        setAside.map(it -> ScoresFolder.of("--bad-records", it, overwrite, hadoop));
    if (aside.filter(it -> it.overlaps(scores)).isPresent()) {
      throw new InputException(
          "--bad-records %s and --output %s: name folders beside each other"
              .formatted(aside.get().name(), scores.name()));
    }
    return new ScoresFolders(scores, aside);
  }

  /** Writes all of it; the folders get it when it is whole. */
  Written write(SparkScoring scoring, ScoreFormat format, IngestionWatch watch) throws IOException {
    try (ScoresFolder.Draft rows = scores.draft()) {
      Written written = scoring.write(format.word(), rows.uri(), watch);
      if (aside.isPresent()) {
        setAside(scoring, aside.get(), written.skipped().total() > 0);
      }
      rows.publish();
      return written;
    }
  }

  private static void setAside(SparkScoring scoring, ScoresFolder folder, boolean any)
      throws IOException {
    try (ScoresFolder.Draft records = folder.draft()) {
      if (any) {
        scoring.setAside(records.uri());
        records.publish();
      } else {
        folder.remove(); // those of an earlier time
      }
    }
  }
}
