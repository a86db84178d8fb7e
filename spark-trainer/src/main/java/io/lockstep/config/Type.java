package io.lockstep.config;

import java.util.Optional;

/**
 * What a value may be: how it is read from YAML, checked, described and written again.
 *
 * <p>Reading and writing are inverse: {@code read(write(value))} equals {@code value}. Immutable.
 *
 * @param <T> the Java type of a checked value
 */
public interface Type<T> {
  /** The permitted values in a few words: {@code integer, at least 1}. */
  String describe();

  /**
   * Reads a value and notes where it came from.
   *
   * @param path of the value from the top of the plan: {@code training.replicas}
   * @return nothing if there is a problem, which has then been noted
   */
  Optional<T> read(Yaml yaml, String path, Reading reading);

  /**
   * Whether a section is surely meant as such a value, and not as one that has such a value under a
   * key.
   */
  default boolean means(Yaml.Mapping section) {
    return false;
  }

  /** Writes a value as it can be read again, each part with its origin. */
  Yaml write(T value, String path, Origins origins);
}
