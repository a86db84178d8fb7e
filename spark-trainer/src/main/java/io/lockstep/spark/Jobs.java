package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.train.LostWorkException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/**
 * Runs Spark jobs, and says in one sentence why one failed for good.
 *
 * <p>Spark's own exception is checked, though Scala does not say so to Java, and its message begins
 * with stage numbers and ends with a hundred lines of stack. Here the cause comes first.
 */
final class Jobs {
  /**
   * "Task 1 in stage 3.0 failed 4 times, most recent failure: Lost task 1.3 in stage 3.0 (...)".
   */
  private static final Pattern FAILURE =
      Pattern.compile(
          "Task (\\d+) in stage \\S+ failed (\\d+) times?, most recent failure: "
              + "Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\((.*?) executor (\\S+?)\\): (.*)",
          Pattern.DOTALL);

  private static final Pattern STACK = Pattern.compile("\\s*\\n\\s+at .*", Pattern.DOTALL);
  private static final Pattern DRIVER_STACK =
      Pattern.compile("\\s*\\n(?:Driver stacktrace:).*", Pattern.DOTALL);

  private static final long MILLIS_BETWEEN_LOOKS = 250;

  private Jobs() {}

  /**
   * Runs {@code job}.
   *
   * @param what it does, such as "round 3 of epoch 1"; its tasks are called by their numbers
   * @throws LostWorkException if Spark gave it up
   * @throws InputException if a task found the user's input to be wrong
   */
  static <T> T run(String what, Callable<T> job) {
    try {
      return job.call();
    } catch (SparkException e) {
      throw failure(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostWorkException("interrupted while " + what, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new LostWorkException("%s: %s, while %s".formatted(name(e), e.getMessage(), what), e);
    }
  }

  /**
   * Runs a job, and tells how it comes along.
   *
   * @param submit starts the job
   * @throws LostWorkException as {@link #run}
   * @throws InputException as there
   */
  static <T> T watched(
      JavaSparkContext spark,
      String what,
      Callable<JavaFutureAction<T>> submit,
      IngestionWatch watch) {
    return run(
        what,
        () -> {
          JavaFutureAction<T> job = submit.call();
          return awaited(what, job, () -> share(spark.statusTracker(), job.jobIds()), watch);
        });
  }

  /**
   * Waits for {@code work}, and tells how it comes along; whatever ends the wait, ends the work.
   *
   * @param share of it that is done
   * @throws Exception what the work threw
   */
  static <T> T awaited(String what, Future<T> work, DoubleSupplier share, IngestionWatch watch)
      throws Exception {
    try {
      while (true) {
        try {
          T result = work.get(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
          watch.advanced(what, 1);
          return result;
        } catch (TimeoutException stillRunning) {
          watch.advanced(what, share.getAsDouble());
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      work.cancel(true); // if this thread was interrupted, or who looks on failed
    }
  }

  /** Share of the tasks of all stages of the jobs that are done. */
  private static double share(JavaSparkStatusTracker tracker, List<Integer> jobs) {
    long done = 0;
    long all = 0;
    for (int job : jobs) {
      SparkJobInfo info = tracker.getJobInfo(job);
      for (int stage : info == null ? new int[0] : info.stageIds()) {
        SparkStageInfo tasks = tracker.getStageInfo(stage);
        if (tasks != null) {
          done += tasks.numCompletedTasks();
          all += tasks.numTasks();
        }
      }
    }
    return all == 0 ? 0 : (double) done / all;
  }

  private static RuntimeException failure(String what, SparkException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InputException input) {
        return input;
      }
    }
    return new LostWorkException(describe(what, String.valueOf(e.getMessage())), e);
  }

  static String describe(String what, String message) {
    String text = DRIVER_STACK.matcher(message).replaceFirst("");
    Matcher failure = FAILURE.matcher(text);
    if (!failure.find()) {
      return "%s, while %s".formatted(firstWords(text), what);
    }
    return "%s (replica %s on executor %s at %s, tried %s times), while %s"
        .formatted(
            firstWords(failure.group(5)),
            failure.group(1),
            failure.group(4),
            failure.group(3),
            failure.group(2),
            what);
  }

  /** The exception without its stack, or all that Spark knows of an executor that was lost. */
  private static String firstWords(String text) {
    String words = STACK.matcher(text).replaceFirst("").strip();
    return words.isEmpty() ? "Spark gave no reason" : words.replaceAll("\\s*\\n\\s*", " ");
  }

  private static String name(Exception e) {
    return e.getClass().getSimpleName();
  }
}
