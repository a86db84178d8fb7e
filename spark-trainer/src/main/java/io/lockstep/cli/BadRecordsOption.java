package io.lockstep.cli;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The words of {@code --bad-records}, those of {@code data.badRecords}. */
final class BadRecordsOption {
  private BadRecordsOption() {}

  static BadRecords of(String word) {
    return find(word)
        .orElseThrow(() -> new InputException("--bad-records: fail or skip, not '" + word + "'."));
  }

  /** The policy of this word, if it is one. */
  static Optional<BadRecords> find(String word) {
    return Arrays.stream(BadRecords.values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst();
  }
}
