package io.lockstep.config;

import java.util.HashMap;
import java.util.Map;

/** What is gathered while a plan is read. Not thread-safe. */
final class Reading {
  private final Problems problems;
  private final Map<String, String> origins = new HashMap<>();

  Reading(Problems problems) {
    this.problems = problems;
  }

  /** Notes where the value at {@code path} came from. */
  void origin(String path, Yaml yaml) {
    origins.put(path, yaml.origin());
  }

  /** Notes that the value at {@code path} is wrong. */
  void problem(String path, Yaml yaml, String message) {
    problems.add(yaml.origin(), path.isEmpty() ? message : path + " " + message);
  }

  /** Notes a problem at a place that is not a value's. */
  void problem(String origin, String message) {
    problems.add(origin, message);
  }

  Origins origins() {
    return new Origins(origins);
  }
}
