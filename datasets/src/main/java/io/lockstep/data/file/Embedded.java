package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts and series that ship within the jar, by paths such as {@code embedded:names-train.tsv}; see
 * NOTICE for what they are.
 */
public final class Embedded {
  private static final String SCHEME = "embedded:";
  private static final String FOLDER = "/io/lockstep/data/text/";

  private static final Map<String, String> TEXTS = new TreeMap<>();

  static {
    TEXTS.put(
        "definitions",
        "of ten kinds of things; path: embedded:definitions-train.tsv and -test.tsv");
    TEXTS.put("names", "surnames of 18 languages; path: embedded:names-train.tsv and -test.tsv");
    TEXTS.put("sentences", "of ten languages; path: embedded:sentences-train.tsv and -test.tsv");
    TEXTS.put("shakespeare", "plays; path: embedded:shakespeare-train.txt and -test.txt");
    TEXTS.put("weather", "of Seattle, by day, 2012 to 2015; path: embedded:seattle-weather.csv");
  }

  private Embedded() {}

  /** What there is: by their names what files are, and their paths. */
  public static Map<String, String> texts() {
    return Collections.unmodifiableMap(TEXTS);
  }

  private static List<String> files() {
    return TEXTS.keySet().stream()
        .flatMap(
            name -> {
              if (name.equals("weather")) {
                return Stream.of("seattle-weather.csv");
              }
              String ending = name.equals("shakespeare") ? ".txt" : ".tsv";
              return Stream.of(name + "-train" + ending, name + "-test" + ending);
            })
        .toList();
  }

  /** Whether a path is of this kind. */
  public static boolean is(String path) {
    return path.startsWith(SCHEME);
  }

  /**
   * The file at a path of this kind.
   *
   * @throws InputException if there is none
   */
  static DataFile file(String path) {
    String name = path.substring(SCHEME.length());
    if (!files().contains(name)) {
      String known = files().stream().map(SCHEME::concat).collect(Collectors.joining(", "));
      throw new InputException("%s: is not embedded. Embedded are: %s.".formatted(path, known));
    }
    DataFile file = DataFile.resource(FOLDER + name + ".gz");
    return new DataFile(path, file.location(), file.length());
  }
}
