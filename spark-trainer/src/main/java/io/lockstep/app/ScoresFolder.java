package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Failures;
import io.lockstep.data.file.Locations;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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
  private static final String NEW = ".new-";
  private static final String OLD = ".old-";

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
      folder.endInterrupted();
      if (files.exists(path)) {
        folder.checkExisting(overwrite);
      }
      return folder;
    } catch (IOException | IllegalArgumentException | FSError e) {
      throw unwritable(option + " " + name, e);
    }
  }

  /**
   * Ends what a process began that died between the two renames of {@link Draft#publish}: nothing
   * has the folder's name then, and beside it lie the old rows and the new ones, both whole.
   */
  private void endInterrupted() throws IOException {
    if (path.getParent() == null || files.exists(path) || !files.exists(path.getParent())) {
      return;
    }
    Optional<Path> old = whole(OLD);
    if (old.isPresent()) {
      rename(whole(NEW).orElse(old.get()), path);
      removeRemnants();
    }
  }

  /** A hidden folder beside this one, whose rows Spark has committed. */
  private Optional<Path> whole(String kind) throws IOException {
    String hidden = "." + path.getName() + kind;
    for (FileStatus each : files.listStatus(path.getParent())) {
      if (each.getPath().getName().startsWith(hidden)
          && files.exists(new Path(each.getPath(), DONE))) {
        return Optional.of(each.getPath());
      }
    }
    return Optional.empty();
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

  /** Whether one of the two folders is the other, or lies in it. */
  boolean overlaps(ScoresFolder other) {
    String own = path + "/";
    String its = other.path + "/";
    return own.startsWith(its) || its.startsWith(own);
  }

  /** Rows that are to come here. */
  Draft draft() throws IOException {
    boolean empty = !files.exists(path) || files.listStatus(path).length == 0;
    return new Draft(empty ? path : beside(NEW + UUID.randomUUID()));
  }

  private Path beside(String ending) {
    if (path.getParent() == null) {
      throw new InputException(
          "%s %s is the root of a file system: name a folder".formatted(option, name));
    }
    return new Path(path.getParent(), "." + path.getName() + ending);
  }

  /** Removes what is there: nothing but rows, as was seen before. */
  void remove() {
    remove(path);
  }

  private void remove(Path folder) {
    try {
      files.delete(folder, true);
    } catch (IOException | FSError e) {
      // What failed before, or came of it, is what the user must know.
    }
  }

  /** Removes what was replaced, and what processes left that died over it. */
  private void removeRemnants() {
    String hidden = "." + path.getName();
    try {
      for (FileStatus each :
          path.getParent() == null ? new FileStatus[0] : files.listStatus(path.getParent())) {
        String other = each.getPath().getName();
        if (other.startsWith(hidden + NEW) || other.startsWith(hidden + OLD)) {
          remove(each.getPath());
        }
      }
    } catch (IOException | FSError e) {
      // They are hidden, and in nobody's way.
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("%s %s: %s cannot be renamed to %s".formatted(option, name, from, to));
    }
  }

  /**
   * Rows on their way: Spark writes them into the folder itself if it is empty, and commits them
   * there; otherwise into a hidden one beside it, which takes its place when it is whole.
   */
  final class Draft implements AutoCloseable {
    private final Path draft;
    private boolean published;

    private Draft(Path draft) {
      this.draft = draft;
    }

    /** Where Spark writes. */
    String uri() {
      return draft.toString();
    }

    /** Lets the rows take the place of what was there; if that fails, it stays. */
    void publish() throws IOException {
      if (!draft.equals(path)) {
        Path old = beside(OLD + UUID.randomUUID());
        rename(path, old);
        try {
          rename(draft, path);
        } catch (IOException e) {
          rename(old, path);
          throw e;
        }
      }
      published = true;
      removeRemnants();
    }

    @Override
    public void close() {
      if (!published) {
        remove(draft);
      }
    }
  }

  private static InputException unwritable(String what, Throwable e) {
    return new InputException(
        "%s cannot be written: %s. Mend that, or name another folder"
            .formatted(what, Failures.reason(e)),
        e);
  }
}
