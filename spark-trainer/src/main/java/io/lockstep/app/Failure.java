package io.lockstep.app;

import io.lockstep.data.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Any failure as a person needs it: what happened, and what to do.
 *
 * @param isInput whether the user's input must be mended; else the run failed
 * @param message one sentence or a few, without class names where the cause is a known one
 * @param isKnown whether the message says all; else a stack trace may help
 */
public record Failure(boolean isInput, String message, boolean isKnown) {
  /** Describes {@code thrown} by the first of its causes that is known, else by all of them. */
  public static Failure of(Throwable thrown) {
    List<Throwable> causes = causes(thrown);
    for (Throwable cause : causes) {
      if (cause instanceof InputException) {
        return new Failure(true, cause.getMessage(), true);
      }
    }
    for (Throwable cause : causes) {
      var known = KnownFailures.explain(cause);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return new Failure(false, describe(causes), false);
  }

  static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = thrown; at != null && !causes.contains(at); at = at.getCause()) {
      causes.add(at);
    }
    return causes;
  }

  /** One line per distinct cause: a wrapper alone rarely says what happened. */
  private static String describe(List<Throwable> causes) {
    StringBuilder text = new StringBuilder(oneLine(causes.get(0)));
    for (Throwable cause : causes.subList(1, causes.size())) {
      String line = oneLine(cause);
      if (text.indexOf(line) < 0) {
        text.append(System.lineSeparator()).append("  because: ").append(line);
      }
    }
    return text.toString();
  }

  /** Spark appends whole stack traces to its messages; the first line says what happened. */
  static String oneLine(Throwable e) {
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName();
    }
    String firstLine = message.strip().lines().findFirst().orElseThrow();
    return e.getClass().getSimpleName() + ": " + firstLine;
  }
}
