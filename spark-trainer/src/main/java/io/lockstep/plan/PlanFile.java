package io.lockstep.plan;

import io.lockstep.config.YamlText;
import io.lockstep.data.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** Reads plan files: local ones, or any Hadoop path with a scheme such as {@code hdfs:}. */
public final class PlanFile {
  private PlanFile() {}

  /**
   * Reads a plan file.
   *
   * @param overrides {@code key=value} as given with {@code --set}
   * @throws InputException if the file is missing, or with all its problems
   * @throws IOException if the file system fails
   */
  public static ResolvedPlan resolve(String file, List<String> overrides, Configuration hadoop)
      throws IOException {
    return PlanParser.resolve(text(file, hadoop), file, overrides);
  }

  /**
   * Reads a text file of a user.
   *
   * @throws InputException if it is missing, a folder, too large or not UTF-8
   */
  public static String text(String file, Configuration hadoop) throws IOException {
    byte[] bytes;
    try (InputStream in = open(file, hadoop)) {
      bytes = in.readNBytes(YamlText.MAX_CHARACTERS + 1);
    } catch (FileNotFoundException | NoSuchFileException | InvalidPathException e) {
      throw new InputException(
          file
              + " does not exist (seen from "
              + Path.of("").toAbsolutePath()
              + "); give the path of a file",
          e);
    }
    if (bytes.length > YamlText.MAX_CHARACTERS) {
      throw new InputException(
          String.format(Locale.ROOT, "%s is larger than %,d bytes", file, YamlText.MAX_CHARACTERS));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not a text file in UTF-8", e);
    }
  }

  private static InputStream open(String file, Configuration hadoop) throws IOException {
    if (file.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      var path = new org.apache.hadoop.fs.Path(file);
      return path.getFileSystem(hadoop).open(path);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new InputException(file + " is a folder; give the path of a file");
    }
    return Files.newInputStream(path);
  }
}
