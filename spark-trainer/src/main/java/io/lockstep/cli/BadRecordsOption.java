package io.lockstep.cli;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import java.util.Locale;

/** The words of {@code --bad-records}, those of {@code data.badRecords}. */
final class BadRecordsOption {
  private BadRecordsOption() {}

  static BadRecords of(String word) {
    for (BadRecords policy : BadRecords.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
        return policy;
      }
    }
    throw new InputException("--bad-records: fail or skip, not '" + word + "'.");
  }
}
