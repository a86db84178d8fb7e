package io.lockstep.run;

/**
 * The beginning of one segment of a log, as far as it counts.
 *
 * @param session that wrote it, counted from 1
 * @param lines that count, from its first on, without the header
 */
record LogSegment(int session, long lines) {
  LogSegment {
    if (session < 1 || lines < 0) {
      throw new IllegalArgumentException(
          "No segment of session %d with %d lines".formatted(session, lines));
    }
  }
}
