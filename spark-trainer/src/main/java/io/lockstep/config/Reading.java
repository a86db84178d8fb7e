package io.lockstep.config;

import io.lockstep.data.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What is gathered while a plan is read. Not thread-safe. */
public final class Reading {
  private final Problems problems;
  private final Function<String, Optional<String>> places;
  private final Map<String, String> origins = new HashMap<>();

  /**
   * Begins to read.
   *
   * @param problems takes what is wrong
   * @param places the section that a key belongs to, for who wrote it in another one
   */
  public Reading(Problems problems, Function<String, Optional<String>> places) {
    this.problems = problems;
    this.places = places;
  }

  /** Notes where the value at {@code path} came from. */
  public void origin(String path, Yaml yaml) {
    origins.put(path, yaml.origin());
  }

  /** Notes that the value at {@code path} is wrong. */
  public void problem(String path, Yaml yaml, String message) {
    problems.add(yaml.origin(), path.isEmpty() ? message : path + " " + message);
  }

  /**
   * Notes that a rule between the keys of a section was broken.
   *
   * @param rule whose message begins with the key at fault and a colon, or is about all of them
   * @param isKey whether a name is a key of the section
   */
  void refused(InputException rule, Yaml section, String path, Predicate<String> isKey) {
    String message = rule.getMessage();
    String key = message.substring(0, Math.max(0, message.indexOf(": ")));
    problem(
        origin(section, key),
        isKey.test(key.replaceFirst("\\..*", ""))
            ? Section.inside(path, key) + message.substring(key.length() + 1)
            : path + ": " + message);
  }

  /** Where {@code key} stands, or the last section on the way to it that somebody wrote. */
  private static String origin(Yaml section, String key) {
    String origin = section.origin();
    Yaml at = section;
    for (String name : key.split("\\.", -1)) {
      Yaml.Entry entry = at instanceof Yaml.Mapping mapping ? mapping.entries().get(name) : null;
      if (entry == null) {
        return origin;
      }
      origin = entry.keyOrigin();
      at = entry.value();
    }
    return origin;
  }

  /** Notes a problem at a place that is not a value's. */
  public void problem(String origin, String message) {
    problems.add(origin, message);
  }

  /** The section that {@code key} belongs to, if there is exactly one. */
  Optional<String> placeOf(String key) {
    return places.apply(key);
  }

  /** Where the values that were read came from. */
  public Origins origins() {
    return new Origins(origins);
  }
}
