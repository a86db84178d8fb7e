package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of one segment of a log, as far as it counts.
 *
 * @param session that wrote it, counted from 1
 * @param part of the session, counted from 1; 0 is the one segment that a session had in the first
 *     version
 * @param lines that count, from its first on, without the header
 */
record LogSegment(
    @JsonProperty(required = true) int session,
    int part,
    @JsonProperty(required = true) long lines) {
  /** Older ones first. */
  static final Comparator<LogSegment> BY_AGE =
      Comparator.comparingInt(LogSegment::session).thenComparingInt(LogSegment::part);

  private static final String SUFFIX = ".jsonl";
  private static final Pattern FILE = Pattern.compile("(\\d{5,9})(?:-(\\d{5,9}))?\\.jsonl");

  LogSegment {
    if (session < 1 || part < 0 || lines < 0) {
      throw new IllegalArgumentException(
          "No segment %d of session %d with %d lines".formatted(part, session, lines));
    }
  }

  /** The segment of which {@code name} is the file, with no lines; empty if it is no such name. */
  static Optional<LogSegment> ofFile(String name) {
    Matcher matcher = FILE.matcher(name);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < 1) {
      return Optional.empty();
    }
    int part = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    return Optional.of(new LogSegment(Integer.parseInt(matcher.group(1)), part, 0));
  }

  /** Its name in the directory of its log. */
  String file() {
    return part == 0
        ? String.format(Locale.ROOT, "%05d%s", session, SUFFIX)
        : String.format(Locale.ROOT, "%05d-%05d%s", session, part, SUFFIX);
  }

  /** The same segment, whatever counts of it. */
  boolean isSame(LogSegment other) {
    return session == other.session && part == other.part;
  }
}
