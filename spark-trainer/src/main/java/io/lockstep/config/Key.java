package io.lockstep.config;

import java.util.Optional;

/**
 * A key of a section: all that is to be known of it, in one place.
 *
 * @param name as written in YAML, and of the record's component
 * @param type of its value, with its check
 * @param presence what an absent key means
 * @param defaultText what an absent key stands for, as YAML; empty unless {@link Presence#DEFAULT}
 * @param doc what it does, with its unit; a sentence or two of Markdown
 */
public record Key<T>(String name, Type<T> type, Presence presence, String defaultText, String doc) {
  /** What an absent key means. */
  public enum Presence {
    /** A problem. */
    REQUIRED,
    /** Its default. */
    DEFAULT,
    /** Nothing: the record's component is an empty {@link Optional}. */
    OPTIONAL
  }
}
