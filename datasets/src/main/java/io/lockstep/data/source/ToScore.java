package io.lockstep.data.source;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.util.List;

/**
 * How examples are read that are to be scored: what of their records is passed through to the
 * scores, and what becomes of their labels, which may be missing.
 *
 * @param on whether they are to be scored at all; if not, nothing is passed through
 * @param all whether all that a record holds is passed through
 * @param columns that are passed through if not all are
 * @param labels whether labels are looked at, if they are there
 * @param skipped whether records that are left out are kept at hand, to be set aside
 */
public record ToScore(
    boolean on, boolean all, List<String> columns, boolean labels, boolean skipped)
    implements Serializable {
  /** Examples that are not to be scored. */
  public static final ToScore NOT = new ToScore(false, false, List.of(), true, false);

  /** Rows of a block at most, since what is passed through takes memory too. */
  public static final int ROWS = 4096;

  public ToScore {
    columns = List.copyOf(columns);
  }

  /** With all that records hold passed through. */
  public static ToScore everything() {
    return new ToScore(true, true, List.of(), true, false);
  }

  /** With these columns passed through alone. */
  public ToScore withColumns(List<String> names) {
    return new ToScore(on, false, names, labels, skipped);
  }

  /** Without a look at labels. */
  public ToScore withoutLabels() {
    return new ToScore(on, all, columns, false, skipped);
  }

  /** With records that are left out at hand. */
  public ToScore withSkipped() {
    return new ToScore(on, all, columns, labels, true);
  }

  /**
   * What is passed through of records that hold no more than this.
   *
   * @param name of the source, for messages
   * @throws InputException if something else is asked for
   */
  public List<String> of(String name, List<String> held) {
    if (!on || all) {
      return on ? held : List.of();
    }
    for (String column : columns) {
      if (!held.contains(column)) {
        throw new InputException(
            "%s: there is no '%s' to keep. There are: %s."
                .formatted(name, column, String.join(", ", held)));
      }
    }
    return columns;
  }

  /** Rows of a block at most, which would be {@code otherwise} without scoring. */
  public int rows(int otherwise) {
    return on ? Math.min(ROWS, otherwise) : otherwise;
  }
}
