package io.lockstep.app;

import io.lockstep.data.InputException;
import java.util.regex.Pattern;

/** The name of a Spark master, checked before anything is written. */
final class Master {
  private static final Pattern KNOWN =
      Pattern.compile(
          "local(\\[(\\*|\\d+)(\\s*,\\s*\\d+)?\\])?|local-cluster\\[.*\\]|spark://.+|yarn|k8s://.+");

  private Master() {}

  /**
   * Refuses what Spark would not know.
   *
   * @throws InputException with the masters there are
   */
  static void check(String master) {
    if (!KNOWN.matcher(master).matches()) {
      throw new InputException(unknown(master));
    }
  }

  static String unknown(String master) {
    return """
    Spark knows no master '%s': it must be local, local[4] or local[*] (cores of this machine), \
    spark://HOST:7077, yarn or k8s://https://HOST:PORT.\
    """
        .formatted(master);
  }
}
