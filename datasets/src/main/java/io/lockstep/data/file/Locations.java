package io.lockstep.data.file;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * What a path that a user wrote means, and what to say if it means nothing.
 *
 * <p>Hadoop answers a wrong path with whatever went wrong inside: an {@code
 * IllegalArgumentException} around an unknown host, a {@code RuntimeException} around a missing
 * class. Here each becomes one {@link InputException}.
 */
public final class Locations {
  /** A scheme, and a slash after its colon; without the slash the colon belongs to a name. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/.*");

  private static final Set<String> WEB = Set.of("http", "https", "ftp", "sftp");

  /**
   * The folder that relative paths are taken from, where it is not this process's own: executors
   * have working directories of theirs.
   */
  private static final String DIRECTORY = "lockstep.working.directory";

  private Locations() {}

  /** A copy of the settings by which another process reads the files that this one reads. */
  public static Configuration travelling(Configuration hadoop) {
    var copy = new Configuration(hadoop);
    try {
      copy.set(DIRECTORY, FileSystem.get(hadoop).getWorkingDirectory().toString());
    } catch (IOException | RuntimeException e) {
      // A default file system that cannot be had: whoever names a file on it is told.
      return copy;
    }
    return copy;
  }

  /** The path of {@code text} from the root, on the file system that it lies on. */
  static Path qualified(Configuration hadoop, FileSystem files, String text) {
    Path path = path(text);
    String directory = hadoop.get(DIRECTORY);
    return files.makeQualified(
        directory == null || path.isAbsolute() ? path : new Path(new Path(directory), path));
  }

  /**
   * Parses a path; a colon in a file name, as in {@code export-10:00.csv}, does no harm.
   *
   * @throws InputException if it is none
   */
  public static Path path(String text) {
    try {
      boolean scheme = SCHEME.matcher(text).matches();
      return scheme || text.isEmpty() || text.indexOf(':') < 0
          ? new Path(text)
          : new Path(null, null, text);
    } catch (IllegalArgumentException e) {
      throw new InputException("'" + text + "': not a path. " + e.getMessage(), e);
    }
  }

  /**
   * Returns the file system that {@code text} lies on.
   *
   * @throws InputException if there is none, with the remedy
   * @throws IOException if it cannot be reached
   */
  public static FileSystem system(Configuration hadoop, String text) throws IOException {
    Path path = path(text);
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches() && WEB.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
      throw new InputException(
          text
              + ": is on the web, which has no file system to read from. Download it first (for"
              + " example with curl -O), or copy it to a file system that all executors see.");
    }
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) {
      throw translated(text, e);
    }
  }

  /** Returns the user's mistake behind {@code failure}; empty if it is none. */
  public static Optional<InputException> explained(String text, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = reason(cause);
      if (reason != null) {
        return Optional.of(new InputException(text + ": " + reason, failure));
      }
    }
    if (failure instanceof InputException already) {
      return Optional.of(already);
    }
    return failure instanceof IllegalArgumentException
        ? Optional.of(new InputException(text + ": not a path. " + failure.getMessage(), failure))
        : Optional.empty();
  }

  /**
   * Returns what to throw for {@code failure}: the user's mistake if it is one, else itself.
   *
   * @throws IOException {@code failure}, if it is one and no mistake of the user
   */
  public static RuntimeException translated(String text, Exception failure) throws IOException {
    Optional<InputException> mistake = explained(text, failure);
    if (mistake.isPresent()) {
      return mistake.get();
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    return failure instanceof RuntimeException other ? other : new IllegalStateException(failure);
  }

  private static String reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException) {
      return "unknown host "
          + said
          + ". Correct the path, or the name of the cluster in Hadoop's"
          + " configuration (HADOOP_CONF_DIR).";
    }
    if (cause instanceof UnsupportedFileSystemException) {
      return "this Hadoop has no file system for its scheme. Use file:, hdfs: or a plain path, or"
          + " put the connector on the class path.";
    }
    if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
      return "the connector for its scheme is not on the class path ("
          + said
          + "). Add its jar, for example --packages org.apache.hadoop:hadoop-aws:VERSION for s3a:.";
    }
    if (cause instanceof AccessControlException
        || cause instanceof java.nio.file.AccessDeniedException) {
      return "may not be read or written by this user. " + firstLine(said);
    }
    if (said.startsWith("Incomplete HDFS URI")) {
      return "names no host. Write hdfs://HOST/..., or hdfs:/... after setting fs.defaultFS.";
    }
    return null;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
