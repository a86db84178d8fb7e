package io.lockstep.app;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Spark says of executors that ran out of memory, and the setting to raise. Of another JVM's
 * error only words arrive; of one that was killed, a number.
 */
final class ExecutorMemory {
  /** Tasks of a local master run in the driver. */
  private static final Pattern DRIVER = Pattern.compile("executor driver\\b");

  /** Spark ends an executor so whose heap is exhausted: SparkExitCode.OOM. */
  private static final Pattern HEAP =
      Pattern.compile(
          "OutOfMemoryError: (Java heap space|GC overhead|Requested array"
              + " size)|SparkOutOfMemoryError|TaskResultLost|RejectedExecutionException: .*Shutting"
              + " down|(exit(ed)? (with )?(code|status):? ?52\\b)");

  private static final Pattern JAVACPP =
      Pattern.compile("OutOfMemoryError: .*([Pp]hysical|Pointer)");

  private static final Pattern OUTSIDE =
      Pattern.compile(
          "OutOfMemoryError: .*(Cannot allocate|[Dd]irect)"
              + "|exceeding (physical )?memory limits|OOMKilled");

  /** 128 + 9: a person, a cluster or the kernel. */
  private static final Pattern KILLED =
      Pattern.compile("exit(ed)? (with )?(code|status):? ?137\\b");

  private ExecutorMemory() {}

  /** Empty if {@code message} says nothing of the kind. */
  static Optional<String> explain(String message) {
    List<String> lines = message.strip().lines().limit(1).toList();
    String said = lines.isEmpty() ? "" : lines.get(0);
    if (DRIVER.matcher(message).find()) {
      return HEAP.matcher(message).find()
          ? Optional.of(
              """
              the Java heap is exhausted (%s). Give more, such as LOCKSTEP_MEMORY=8g (spark-submit: \
              --driver-memory 8g), take a smaller batch, or fewer cores (--master 'local[1]'). \
              lockstep plan says how much the run needs.\
              """
                  .formatted(said))
          : Optional.empty();
    }
    if (HEAP.matcher(message).find()) {
      return Optional.of(
          """
          the Java heap of an executor is exhausted (%s). Raise --executor-memory, or let fewer \
          replicas work in an executor at once (--executor-cores); lockstep plan says how much the \
          run needs. Then go on with lockstep train --resume.\
          """
              .formatted(said));
    }
    if (JAVACPP.matcher(message).find()) {
      return Optional.of(
          """
          the memory of an executor beside its Java heap, where networks live, is exhausted (%s). \
          JavaCPP lets a process have twice its heap: raise --executor-memory, and with YARN or \
          Kubernetes spark.executor.memoryOverhead too; or let fewer replicas work in an executor \
          at once (--executor-cores). Then go on with lockstep train --resume.\
          """
              .formatted(said));
    }
    if (OUTSIDE.matcher(message).find()) {
      return Optional.of(
          """
          the memory of an executor beside its Java heap, where networks live, is exhausted (%s). \
          Raise --conf spark.executor.memoryOverhead, or let fewer replicas work in an executor at \
          once (--executor-cores); lockstep plan says how much the run needs. Then go on with \
          lockstep train --resume.\
          """
              .formatted(said));
    }
    if (KILLED.matcher(message).find()) {
      return Optional.of(
          """
          an executor was killed (%s). Where nobody did it, its memory beside the Java heap was \
          exhausted, and the cluster or the kernel did: raise --conf spark.executor.memoryOverhead. \
          Then go on with lockstep train --resume.\
          """
              .formatted(said));
    }
    return Optional.empty();
  }
}
