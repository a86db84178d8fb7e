package io.lockstep.config;

import io.lockstep.data.InputException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All that is wrong with a plan, so that the user mends it in one go. Not thread-safe. */
public final class Problems {
  private final String fileName;
  private final Set<Problem> problems = new LinkedHashSet<>();

  public Problems(String fileName) {
    this.fileName = fileName;
  }

  /**
   * Notes a problem.
   *
   * @param origin of the value at fault
   */
  public void add(String origin, String message) {
    problems.add(new Problem(origin, message));
  }

  public int count() {
    return problems.size();
  }

  /** Throws everything noted, by line, as one {@link InputException}; or does nothing. */
  public void throwIfAny() {
    List<String> lines =
        problems.stream()
            .sorted(Comparator.comparingInt(Problem::line)) // stable: else as they were found
            .map(problem -> problem.origin + ": " + problem.message)
            .toList();
    if (lines.size() == 1) {
      throw new InputException(lines.get(0));
    }
    if (lines.size() > 1) {
      String head = fileName + " has " + lines.size() + " problems:\n  ";
      throw new InputException(head + String.join("\n  ", lines));
    }
  }

  private record Problem(String origin, String message) {
    /** Line in the file; what stands in no file comes last. */
    int line() {
      String line = origin.substring(origin.lastIndexOf(':') + 1);
      return line.matches("[0-9]{1,9}") ? Integer.parseInt(line) : Integer.MAX_VALUE;
    }
  }
}
