package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import java.io.Serializable;

/**
 * What a split held when it was read first. Spark keeps what was read, but makes it again where it
 * was lost; then it must be the same, since the settled whole was made of that.
 *
 * @param split as messages call it
 * @param hash of its content
 * @param examples number of them
 */
record FoundSplit(String split, String hash, long examples) implements Serializable {
  static FoundSplit of(SourceSplit split, SplitReport report) {
    return new FoundSplit(split.file(), report.hash(), report.examples());
  }

  /**
   * Looks at a crate on its way.
   *
   * @throws InputException if it is the report of other examples
   */
  Crate checked(Crate crate) {
    if (crate.report() == null) {
      return crate;
    }
    SplitReport report = SplitReport.decode(crate.report());
    if (report.examples() != examples || !report.hash().equals(hash)) {
      throw new InputException(
          """
          %s gave other examples when it was read again (after an executor was lost, say). Files \
          must stay as they are; a data set must give the same rows in the same order each time: \
          sort it by a unique key, or checkpoint it.\
          """
              .formatted(split));
    }
    return crate;
  }
}
