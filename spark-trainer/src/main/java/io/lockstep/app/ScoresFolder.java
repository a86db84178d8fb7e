package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Failures;
import io.lockstep.data.file.Locations;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that Spark writes rows into. What else lies there is never deleted.
 *
 * @param option that names it, for messages
 * @param name as the user wrote it
 * @param files file system that it is on
 * @param path of it
 */
record ScoresFolder(String option, String name, FileSystem files, Path path) {
  private static final String DONE = "_SUCCESS";

  /**
   * Sees whether the folder can be written.
   *
   * @param overwrite whether rows that lie there may be replaced
   * @throws InputException if it cannot
   */
  static ScoresFolder of(String option, String name, boolean overwrite, Configuration hadoop) {
    try {
      FileSystem files = Locations.system(hadoop, name);
      Path path = files.makeQualified(Locations.path(name));
      var folder = new ScoresFolder(option, name, files, path);
      if (files.exists(path)) {
        folder.checkExisting(overwrite);
      }
      return folder;
    } catch (IOException | IllegalArgumentException | FSError e) {
      throw unwritable(option + " " + name, e);
    }
  }

  private void checkExisting(boolean overwrite) throws IOException {
    if (!files.getFileStatus(path).isDirectory()) {
      throw new InputException(
          "%s %s is a file: name a folder, which Spark fills with files".formatted(option, name));
    }
    FileStatus[] held = files.listStatus(path);
    for (FileStatus each : held) {
      if (!isOfSpark(each.getPath().getName())) {
        throw new InputException(
            "%s %s holds other files (%s): name a folder of its own"
                .formatted(option, name, each.getPath().getName()));
      }
    }
    if (held.length > 0 && !overwrite) {
      boolean done = files.exists(new Path(path, DONE));
      throw new InputException(
          done
              ? "%s %s is there already: name another folder, or replace it with --overwrite"
                  .formatted(option, name)
              : "%s %s holds what was left of a run that died: replace it with --overwrite"
                  .formatted(option, name));
    }
  }

  private static boolean isOfSpark(String name) {
    return name.startsWith("part-")
        || name.startsWith(".part-")
        || name.startsWith("_temporary")
        || name.toUpperCase(Locale.ROOT).contains(DONE)
        || name.startsWith("_committed_")
        || name.startsWith("_started_");
  }

  /** Where Spark writes. */
  String uri() {
    return path.toString();
  }

  /** Removes what a failed attempt has left; it held nothing else, as was seen before. */
  void remove() {
    try {
      files.delete(path, true);
    } catch (IOException | FSError e) {
      // The failure before this one is what the user must know.
    }
  }

  private static InputException unwritable(String what, Throwable e) {
    return new InputException(
        "%s cannot be written: %s. Mend that, or name another folder"
            .formatted(what, Failures.reason(e)),
        e);
  }
}
