package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files behind a path: itself, the part files of a folder, or what a glob such as {@code
 * day-*.csv} matches.
 *
 * <p>In a folder, names that begin with {@code _} or a point are not data (Spark leaves {@code
 * _SUCCESS} there), and files without bytes are none either. The order is that of the names, so it
 * is the same everywhere.
 */
public final class DataFiles {
  private static final FileStatus[] NONE = {};

  private DataFiles() {}

  /**
   * Finds the one file at {@code path}.
   *
   * @throws InputException if there is none, or a folder
   */
  public static DataFile one(Configuration hadoop, String path) throws IOException {
    if (Embedded.is(path)) {
      return Embedded.file(path);
    }
    FileSystem files = Locations.system(hadoop, path);
    FileStatus status = status(hadoop, files, path);
    if (status.isDirectory()) {
      throw new InputException(path + ": is a folder, name a file in it.");
    }
    return file(files, path, status);
  }

  /**
   * Finds all files behind {@code path}, at least one, sorted by name.
   *
   * @throws InputException if there are none
   */
  public static List<DataFile> all(Configuration hadoop, String path) throws IOException {
    if (Embedded.is(path)) {
      return List.of(Embedded.file(path));
    }
    FileSystem files = Locations.system(hadoop, path);
    if (isGlob(path) && !exists(hadoop, files, path)) {
      return matching(files, path);
    }
    FileStatus status = status(hadoop, files, path);
    return status.isDirectory()
        ? inFolder(files, path, status.getPath())
        : List.of(file(files, path, status));
  }

  /**
   * The folders within the folder {@code path}, at least one, sorted by name.
   *
   * @throws InputException if there are none, or other files beside them
   */
  public static List<String> folders(Configuration hadoop, String path) throws IOException {
    FileSystem files = Locations.system(hadoop, path);
    FileStatus status = status(hadoop, files, path);
    String folder = path.replaceAll("/+$", "");
    List<String> found = new ArrayList<>();
    for (FileStatus held : status.isDirectory() ? held(files, path, status.getPath()) : NONE) {
      String name = held.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }
      if (!held.isDirectory()) {
        throw new InputException(
            "%s: holds the file %s beside folders. It must hold folders only, one for each class."
                .formatted(folder, name));
      }
      found.add(folder + "/" + name);
    }
    if (found.isEmpty()) {
      throw new InputException(folder + ": is no folder that holds folders, one for each class.");
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  /** Whether the folder {@code path} holds files, and no folders beside them. */
  public static boolean isFlat(Configuration hadoop, String path) throws IOException {
    FileSystem files = Locations.system(hadoop, path);
    FileStatus status = status(hadoop, files, path);
    return status.isDirectory()
        && Arrays.stream(held(files, path, status.getPath())).noneMatch(FileStatus::isDirectory);
  }

  /** Whether {@code path} is a folder. */
  public static boolean isFolder(Configuration hadoop, String path) throws IOException {
    if (Embedded.is(path)) {
      return false;
    }
    FileSystem files = Locations.system(hadoop, path);
    try {
      return files.getFileStatus(Locations.path(path)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private static boolean isGlob(String path) {
    return path.chars().anyMatch(character -> "*?[{".indexOf(character) >= 0);
  }

  private static boolean exists(Configuration hadoop, FileSystem files, String path)
      throws IOException {
    try {
      return files.exists(Locations.qualified(hadoop, files, path));
    } catch (IOException | RuntimeException e) {
      throw Locations.translated(path, e);
    }
  }

  private static FileStatus status(Configuration hadoop, FileSystem files, String path)
      throws IOException {
    try {
      return files.getFileStatus(Locations.qualified(hadoop, files, path));
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw missing(files, path, e);
    } catch (IOException | RuntimeException e) {
      throw Locations.translated(path, e);
    }
  }

  private static DataFile file(FileSystem files, String name, FileStatus status) {
    return new DataFile(name, files.makeQualified(status.getPath()).toString(), status.getLen());
  }

  private static FileStatus[] held(FileSystem files, String folder, Path where) throws IOException {
    try {
      return files.listStatus(where);
    } catch (IOException | RuntimeException e) {
      throw Locations.translated(folder, e);
    }
  }

  private static List<DataFile> inFolder(FileSystem files, String folder, Path where)
      throws IOException {
    List<DataFile> found = new ArrayList<>();
    for (FileStatus status : held(files, folder, where)) {
      String name = status.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }
      if (status.isDirectory()) {
        throw new InputException(
            folder
                + ": holds the folder "
                + name
                + ", and folders within are not read. Name the files by a glob, such as "
                + folder.replaceAll("/+$", "")
                + "/*/*.csv.");
      }
      if (status.getLen() > 0) {
        found.add(file(files, folder.replaceAll("/+$", "") + "/" + name, status));
      }
    }
    return sorted(found, folder + ": the folder holds no data files.");
  }

  private static List<DataFile> matching(FileSystem files, String glob) throws IOException {
    FileStatus[] matched;
    try {
      matched = files.globStatus(Locations.path(glob));
    } catch (IOException | RuntimeException e) {
      throw Locations.translated(glob, e);
    }
    List<DataFile> found = new ArrayList<>();
    for (FileStatus status : matched == null ? new FileStatus[0] : matched) {
      String name = status.getPath().getName();
      if (status.isFile()
          && status.getLen() > 0
          && !name.startsWith("_")
          && !name.startsWith(".")) {
        found.add(file(files, displayed(files, glob, status.getPath()), status));
      }
    }
    return sorted(
        found,
        glob
            + ": matches no data file (taken relative to "
            + files.getWorkingDirectory()
            + "). Correct the pattern.");
  }

  /** The matched path as the user would have written it. */
  private static String displayed(FileSystem files, String glob, Path matched) {
    String full = matched.toString();
    String base = files.getWorkingDirectory() + "/";
    boolean relative = !Locations.path(glob).isAbsolute();
    if (relative && full.startsWith(base)) {
      return full.substring(base.length());
    }
    return Locations.path(glob).toUri().getScheme() == null ? matched.toUri().getPath() : full;
  }

  private static List<DataFile> sorted(List<DataFile> found, String orElse) {
    if (found.isEmpty()) {
      throw new InputException(orElse);
    }
    DataFile[] all = found.toArray(new DataFile[0]);
    Arrays.sort(all, Comparator.comparing(DataFile::location));
    return List.of(all);
  }

  private static InputException missing(FileSystem files, String path, IOException cause) {
    Path where = Locations.path(path);
    Path looked = files.makeQualified(where);
    String place = looked.toString().equals(path) ? "" : " (looked at " + looked + ")";
    return new InputException(path + ": no such file" + place + ". " + remedy(where, files), cause);
  }

  private static String remedy(Path path, FileSystem files) {
    if (!path.isAbsolute()) {
      return "Correct the path: it is taken relative to "
          + files.getWorkingDirectory()
          + " (the working directory, not the folder of the plan); or give an absolute one.";
    }
    if (path.toUri().getScheme() == null) {
      return "Correct the path: one without a scheme such as hdfs: or file: is on "
          + files.getUri()
          + ".";
    }
    return "Correct the path.";
  }
}
