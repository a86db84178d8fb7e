package io.lockstep.config;

import io.lockstep.data.ExampleSource;

/** The keys of {@code data.train} and {@code data.test}: where examples come from. */
final class SourceKeys {
  private SourceKeys() {}

  /**
   * The sources.
   *
   * @param part {@code train} or {@code test}, the part of an embedded set that is meant
   */
  static Type<ExampleSource> sources(String part) {
    return Union.of(ExampleSource.class, "a source of examples (" + part + ")").build();
  }
}
