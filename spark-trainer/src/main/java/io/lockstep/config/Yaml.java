package io.lockstep.config;

import java.util.List;
import java.util.Map;

/**
 * A value as the user wrote it, with the place where it stands.
 *
 * <p>Between the text and the records: {@link YamlText} makes it, {@link Type}s read it. Immutable.
 */
public sealed interface Yaml {
  /** Origin of what nobody wrote. */
  String DEFAULT = "default";

  /** Origin of what {@code --set} gave. */
  String COMMAND_LINE = "command line";

  /** Where the value was written: {@code plan.yaml:12}, {@link #COMMAND_LINE}, {@link #DEFAULT}. */
  String origin();

  /** The value in a few words, for error messages. */
  String describe();

  /**
   * A single value.
   *
   * @param text without quotes
   * @param quoted whether it had quotes, and so is text whatever it looks like
   */
  record Scalar(String text, boolean quoted, String origin) implements Yaml {
    /** Whether nothing was written. */
    public boolean isNull() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String describe() {
      return isNull() ? "empty" : (quoted ? "the text '" + text + "'" : text);
    }
  }

  /** Values in order. */
  record Sequence(List<Yaml> items, String origin) implements Yaml {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Values by key, in the order of the file. */
  record Mapping(Map<String, Entry> entries, String origin) implements Yaml {
    @Override
    public String describe() {
      return "a section";
    }

    /** A section without keys. */
    public static Mapping empty(String origin) {
      return new Mapping(Map.of(), origin);
    }
  }

  /** A value and the place of its key, which may be some lines above it. */
  record Entry(String keyOrigin, Yaml value) {}
}
