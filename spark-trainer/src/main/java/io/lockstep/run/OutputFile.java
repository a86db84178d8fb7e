package io.lockstep.run;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Failures;
import io.lockstep.data.file.Locations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file of results that the user named, on any Hadoop file system: looked at before the work that
 * fills it, so that a wrong path costs nothing, and there only when it is whole. Not thread-safe.
 */
public final class OutputFile {
  private final Files files;
  private final Path path;
  private final String name;

  private OutputFile(Files files, Path path, String name) {
    this.files = files;
    this.path = path;
    this.name = name;
  }

  /**
   * Sees whether {@code name} can be written, and leaves nothing behind.
   *
   * @param option that names it, for messages
   * @throws InputException if it cannot
   */
  public static OutputFile of(String option, String name, Configuration hadoop) {
    try {
      Files files = Files.of(name, hadoop);
      Path path = files.system().makeQualified(Locations.path(name));
      var output = new OutputFile(files, path, name);
      if (files.system().exists(path) && files.system().getFileStatus(path).isDirectory()) {
        throw new InputException("%s %s is a folder: name a file in it".formatted(option, name));
      }
      if (!output.inPlace()) {
        files.tryOut(path.suffix("." + UUID.randomUUID() + Files.ASIDE));
      }
      return output;
    } catch (IOException | IllegalArgumentException | FSError e) {
      throw unwritable(option + " " + name, e);
    }
  }

  /** Whether it is something that others hold, such as /dev/stdout, which no file may replace. */
  private boolean inPlace() throws IOException {
    if (!(files.system() instanceof RawLocalFileSystem local) || !local.exists(path)) {
      return false;
    }
    var file = local.pathToFile(path).toPath();
    return !java.nio.file.Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Writes it, in place of an older one.
   *
   * @throws InputException if it cannot be written after all
   */
  public void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (inPlace()) {
        try (var out = files.system().create(path, true)) {
          out.write(bytes);
        }
      } else {
        files.write(path, out -> out.write(bytes));
      }
    } catch (IOException | FSError e) {
      throw unwritable(name, e);
    }
  }

  private static InputException unwritable(String what, Throwable e) {
    return new InputException(
        "%s cannot be written: %s. Mend that, or name another file"
            .formatted(what, Failures.reason(e)),
        e);
  }
}
