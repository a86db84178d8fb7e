package io.lockstep.app;

import java.util.Locale;

/** What files scores are written as. */
public enum ScoreFormat {
  /** Lines of values with commas between them, the names of the columns first. */
  CSV,
  /** Apache Parquet. */
  PARQUET,
  /** A JSON object in each line. */
  JSON;

  /** As Spark calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a column holds one value alone. */
  boolean isFlat() {
    return this == CSV;
  }
}
