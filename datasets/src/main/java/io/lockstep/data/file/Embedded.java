package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.util.List;

/**
 * Texts that ship within the jar, by paths such as {@code embedded:names-train.tsv}; see NOTICE for
 * what they are.
 */
public final class Embedded {
  private static final String SCHEME = "embedded:";
  private static final String FOLDER = "/io/lockstep/data/text/";

  private static final List<String> FILES =
      List.of(
          "names-train.tsv",
          "names-test.tsv",
          "sentences-train.tsv",
          "sentences-test.tsv",
          "shakespeare-train.txt",
          "shakespeare-test.txt");

  private Embedded() {}

  /** Paths of all that there are. */
  public static List<String> paths() {
    return FILES.stream().map(SCHEME::concat).toList();
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
    if (!FILES.contains(name)) {
      throw new InputException(
          "%s: is not embedded. Embedded are: %s.".formatted(path, String.join(", ", paths())));
    }
    DataFile file = DataFile.resource(FOLDER + name + ".gz");
    return new DataFile(path, file.location(), file.length());
  }
}
