package io.lockstep.data.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How tables of series are understood and cut into windows.
 *
 * @param table how rows lie in files
 * @param features columns that are known in the past
 * @param targets columns to be foretold, for each of {@code horizon} steps
 * @param known columns that are known in the future too, such as a calendar or a price
 * @param window past steps of an example
 * @param horizon future steps of an example
 * @param stride rows from the beginning of a window to that of the next
 * @param season steps after which a series is expected to repeat itself, for the naive forecast
 * @param difference whether the network is to learn what the targets differ by from the naive
 *     forecast, which is added again to what it puts out
 */
public record SeriesOptions(
    Table table,
    List<String> features,
    List<String> targets,
    List<String> known,
    int window,
    int horizon,
    int stride,
    int season,
    boolean difference)
    implements Serializable {
  /** Past steps unless the user says otherwise. */
  public static final int WINDOW = 24;

  private static final SeriesOptions DEFAULTS =
      new SeriesOptions(
          new Table(
              "",
              List.of(),
              "",
              Gaps.ERROR,
              Missing.ERROR,
              List.of(),
              ',',
              true,
              TextEncoding.UTF_8),
          List.of(),
          List.of(),
          List.of(),
          WINDOW,
          1,
          1,
          1,
          false);

  /** Keys of a test set that are those of training. */
  private static final List<String> OF_WINDOWS =
      List.of(
          "window", "horizon", "stride", "season", "difference", "targets", "known", "features");

  /** What is done where the time of a row is not one step after that of the row before it. */
  public enum Gaps {
    /** It is an error. */
    ERROR,
    /** No window reaches over it. */
    SPLIT,
    /** The rows are neighbours all the same, such as trading days. */
    IGNORE
  }

  /** What is done with a row that lacks a value. */
  public enum Missing {
    /** It is an error. */
    ERROR,
    /** No window contains it; the rows left out are counted. */
    SKIP
  }

  /**
   * How rows lie in files.
   *
   * @param series column that names each row's series; empty if each file is one series
   * @param time columns that together are each row's time; empty if rows are just in order
   * @param timeFormat pattern of the time, its columns joined by blanks; empty for ISO 8601 or
   *     numbers
   * @param gaps what is done about them
   * @param missing what is done about missing values
   * @param missingValues how a missing value is written, beside nothing at all
   * @param delimiter between values
   * @param header whether the first line holds names
   * @param encoding of the files
   */
  public record Table(
      String series,
      List<String> time,
      String timeFormat,
      Gaps gaps,
      Missing missing,
      List<String> missingValues,
      char delimiter,
      boolean header,
      TextEncoding encoding)
      implements Serializable {
    public Table {
      time = List.copyOf(time);
      missingValues = List.copyOf(missingValues);
      if (time.isEmpty() && !timeFormat.isEmpty()) {
        throw new InputException("timeFormat: there is no column of times; name it with time");
      }
    }

    /** All that {@link #fromJson} needs. */
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("series", series);
      time.forEach(json.putArray("time")::add);
      json.put("timeFormat", timeFormat);
      json.put("gaps", word(gaps)).put("missing", word(missing));
      missingValues.forEach(json.putArray("missingValues")::add);
      json.put("delimiter", String.valueOf(delimiter)).put("header", header);
      return json.put("encoding", encoding.name());
    }

    /**
     * Reads what {@link #toJson} returned.
     *
     * @throws InputException if {@code json} is no such thing
     */
    public static Table fromJson(JsonNode json) {
      try {
        return new Table(
            json.path("series").asText(),
            texts(json, "time"),
            json.path("timeFormat").asText(),
            Gaps.valueOf(json.path("gaps").asText().toUpperCase(Locale.ROOT)),
            Missing.valueOf(json.path("missing").asText().toUpperCase(Locale.ROOT)),
            texts(json, "missingValues"),
            json.path("delimiter").asText().charAt(0),
            json.path("header").asBoolean(),
            new TextEncoding(json.path("encoding").asText()));
      } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
        throw new InputException("a damaged description of a table: " + e.getMessage(), e);
      }
    }
  }

  /**
   * @throws InputException if the windows cannot be; the message begins with the key
   */
  public SeriesOptions {
    targets = List.copyOf(targets);
    features = features.isEmpty() ? targets : List.copyOf(features);
    known = List.copyOf(known);
    if (window < 1) {
      throw new InputException("window: must be at least 1, not " + window);
    }
    if (horizon < 1) {
      throw new InputException("horizon: must be at least 1, not " + horizon);
    }
    if (stride < 1) {
      throw new InputException("stride: must be at least 1, not " + stride);
    }
    if (season < 1 || season > window) {
      throw new InputException(
          "season: must be from 1 to window (%d), of which the naive forecast is made, not %d"
              .formatted(window, season));
    }
    different("targets", targets);
    different("features", features);
    different("known", known);
    for (String column : known) {
      if (features.contains(column) || targets.contains(column)) {
        throw new InputException(
            "known: column '%s' is also among the %s; what is known in the future is known in the"
                    .formatted(column, targets.contains(column) ? "targets" : "features")
                + " past anyway: name it once");
      }
    }
  }

  private static void different(String key, List<String> columns) {
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (!seen.add(column)) {
        throw new InputException("%s: column '%s' is named twice".formatted(key, column));
      }
    }
  }

  /**
   * The first key of windows that was set and is not as in {@code training}; empty if there is
   * none.
   */
  public Optional<String> contradiction(SeriesOptions training) {
    JsonNode mine = toJson();
    JsonNode theirs = training.toJson();
    JsonNode defaults = DEFAULTS.toJson();
    return OF_WINDOWS.stream()
        .filter(key -> !mine.get(key).equals(theirs.get(key)))
        .filter(key -> !mine.get(key).equals(defaults.get(key)))
        .filter(key -> !key.equals("features") || !features.equals(targets)) // given by targets
        .findFirst();
  }

  /** Rows that an example reaches over. */
  public int length() {
    return window + horizon;
  }

  /** Numbers of an example's time step, {@code features} and {@code known}. */
  public int width() {
    return features.size() + known.size();
  }

  /** Time steps that the network is given. */
  public int steps() {
    return known.isEmpty() ? window : length();
  }

  /** Names of what is foretold, {@code [horizon * targets]}, such as {@code load+1}. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (int step = 1; step <= horizon; step++) {
      for (String target : targets) {
        names.add(target + "+" + step);
      }
    }
    return names;
  }

  /** Position in the window of the value that naively stands for step {@code step}, from 0. */
  public int naive(int step) {
    return window + step - season * (step / season + 1);
  }

  /** All that {@link #fromJson} needs. */
  public ObjectNode toJson() {
    ObjectNode json = table.toJson();
    features.forEach(json.putArray("features")::add);
    targets.forEach(json.putArray("targets")::add);
    known.forEach(json.putArray("known")::add);
    json.put("window", window).put("horizon", horizon).put("stride", stride);
    return json.put("season", season).put("difference", difference);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws InputException if {@code json} is no such thing
   */
  public static SeriesOptions fromJson(JsonNode json) {
    return new SeriesOptions(
        Table.fromJson(json),
        texts(json, "features"),
        texts(json, "targets"),
        texts(json, "known"),
        json.path("window").asInt(),
        json.path("horizon").asInt(),
        json.path("stride").asInt(),
        json.path("season").asInt(),
        json.path("difference").asBoolean());
  }

  private static List<String> texts(JsonNode json, String field) {
    List<String> texts = new ArrayList<>();
    json.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
