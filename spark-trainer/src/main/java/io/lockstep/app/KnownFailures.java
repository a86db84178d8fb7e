package io.lockstep.app;

import io.lockstep.run.RunFileException;
import io.lockstep.train.NonFiniteException;
import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** Failures that are met again and again, in words: what happened, and what to do about it. */
final class KnownFailures {
  private static final Pattern SPARK_MEMORY =
      Pattern.compile("System memory (\\d+) must be at least (\\d+)");
  private static final Pattern MASTER = Pattern.compile("Could not parse Master URL: '?(.*?)'?");
  private static final Pattern FILE_SYSTEM_CLASS =
      Pattern.compile("Class (org\\.apache\\.hadoop\\.fs\\.(\\w+)\\S*) not found");

  private static final Pattern HDFS_DENIES =
      Pattern.compile("(?<=Permission denied: )user=[^(\n]*");

  private KnownFailures() {}

  /** What {@code thrown}, on its own, says to a person; empty if only its author knows. */
  static Optional<Failure> explain(Throwable thrown) {
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    if (thrown instanceof OutOfMemoryError) {
      return failed(memory(message));
    }
    Optional<String> executor = ExecutorMemory.explain(message);
    if (executor.isPresent()) {
      return failed(executor.get());
    }
    if (thrown instanceof NonFiniteException) {
      return failed(message);
    }
    if (thrown instanceof StackOverflowError) {
      return failed(
          "the stack is exhausted: the input is nested too deeply, or this is a mistake in"
              + " Lockstep. A larger stack: LOCKSTEP_JAVA_OPTS=-Xss16m.");
    }
    if (thrown instanceof RunFileException) {
      return failed(
          """
          %s. Mend that, then go on from the newest checkpoint with lockstep train --resume and the \
          run directory.\
          """
              .formatted(message));
    }
    if (thrown instanceof FSError || isFull(thrown, message)) {
      return failed(disk(thrown, message));
    }
    Optional<String> denied = denied(thrown, message);
    if (denied.isPresent()) {
      return input(
          "permission is denied to %s: %s. Change the permissions, or the path."
              .formatted(System.getProperty("user.name"), denied.get()));
    }
    if (isClosedModule(thrown, message)) {
      return input(
          """
          the driver's JVM keeps parts of Java from Spark (%s). Spark's standalone cluster starts \
          drivers so; add to spark-submit: --driver-java-options \
          "--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"\
          """
              .formatted(message.lines().findFirst().orElse("")));
    }
    if (thrown instanceof UnknownHostException) {
      return input(
          "no host of the name %s is known: check the spelling of the path or the master."
              .formatted(message));
    }
    Matcher memory = SPARK_MEMORY.matcher(message);
    if (memory.find()) {
      return input(smallHeap(Long.parseLong(memory.group(1)), Long.parseLong(memory.group(2))));
    }
    Matcher master = MASTER.matcher(message);
    if (master.matches()) {
      return input(Master.unknown(master.group(1)));
    }
    Matcher fileSystem = FILE_SYSTEM_CLASS.matcher(message);
    if (fileSystem.find()) {
      return input(
          """
          a path begins with %1$s:, but the class that reads such paths, %2$s, is not there: add \
          its jar (for s3a: hadoop-aws of this Hadoop version and what it needs) with spark-submit \
          --packages, or copy the files to a path that can be read.\
          """
              .formatted(fileSystem.group(2), fileSystem.group(1)));
    }
    if (thrown instanceof UnsupportedFileSystemException) {
      return input(
          "%s: a path's first word must be a file system that Hadoop knows, such as hdfs: or file:"
              .formatted(message));
    }
    if (thrown instanceof LinkageError || thrown instanceof ClassNotFoundException) {
      Built built = Built.read();
      return failed(
          """
          a part of the program is missing or does not fit (%s). This jar was built for Spark %s \
          with Scala %s and runs on %s; it needs Java 17 or newer and natives of this system; start \
          it with spark-submit or scripts/lockstep. To build it for another one: README.md, "Other \
          clusters, processors and systems".\
          """
              .formatted(Failure.oneLine(thrown), built.spark(), built.scala(), running()));
    }
    return Optional.empty();
  }

  private static String running() {
    try {
      return "Spark %s with Scala %s"
          .formatted(
              org.apache.spark.package$.MODULE$.SPARK_VERSION(),
              scala.util.Properties.versionNumberString());
    } catch (LinkageError e) {
      return "no Spark"; // as with java -jar
    }
  }

  /**
   * What the user may not read or write, if that is the failure; executors pass it on as text, in
   * HDFS's words.
   */
  private static Optional<String> denied(Throwable thrown, String message) {
    Matcher hdfs = HDFS_DENIES.matcher(message);
    if (hdfs.find()) {
      return Optional.of(hdfs.group().strip());
    }
    boolean is =
        thrown instanceof AccessControlException
            || thrown instanceof AccessDeniedException
            || (thrown instanceof IOException && message.contains("Permission denied"));
    return is ? Optional.of(message.replace(" (Permission denied)", "")) : Optional.empty();
  }

  private static boolean isClosedModule(Throwable thrown, String message) {
    return (thrown instanceof InaccessibleObjectException || thrown instanceof IllegalAccessError)
        && message.contains("module java.base does not");
  }

  static String smallHeap(long bytes, long needed) {
    return String.format(
        Locale.ROOT,
        "the heap has %,d MB, but Spark needs %,d: give more, such as LOCKSTEP_MEMORY=1g"
            + " (spark-submit: --driver-memory 1g), or train without Spark, with --set"
            + " run.engine=inProcess.",
        bytes >> 20,
        needed >> 20);
  }

  private static boolean isFull(Throwable thrown, String message) {
    return thrown instanceof IOException
        && (message.contains("No space left on device")
            || message.contains("Disk quota exceeded")
            || message.contains("not enough space on the disk"));
  }

  private static String disk(Throwable thrown, String message) {
    String what = thrown.getCause() == null ? message : thrown.getCause().getMessage();
    return """
    a file could not be written: %s. Make room, then go on from the newest checkpoint with \
    lockstep train --resume and the run directory; Spark's own files are in spark.local.dir.\
    """
        .formatted(what);
  }

  private static String memory(String message) {
    if (message.contains("native thread")) {
      return "the system gives no more threads (%s): raise the limit of processes (ulimit -u)"
          .formatted(message);
    }
    if (message.contains("hysical") || message.contains("Pointer")) {
      return """
      the memory outside of the Java heap, where networks live, is exhausted (%s). Take a \
      smaller training.batch or fewer replicas at once (--master 'local[1]'), or leave more of \
      the machine's memory to it: a smaller LOCKSTEP_MEMORY (on executors a larger \
      spark.executor.memoryOverhead).\
      """
          .formatted(message.lines().findFirst().orElse(""));
    }
    return String.format(
        Locale.ROOT,
        """
        the Java heap of %,d MB is exhausted (%s). Give more, such as LOCKSTEP_MEMORY=8g \
        (spark-submit: --driver-memory, --executor-memory), or take a smaller batch.\
        """,
        mega(Long.toString(Runtime.getRuntime().maxMemory())),
        message.isEmpty() ? "no more was said" : message);
  }

  private static long mega(String bytes) {
    return Long.parseLong(bytes) >> 20;
  }

  private static Optional<Failure> failed(String message) {
    return Optional.of(new Failure(false, message, true));
  }

  private static Optional<Failure> input(String message) {
    return Optional.of(new Failure(true, message, true));
  }
}
