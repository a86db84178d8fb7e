package io.lockstep.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
