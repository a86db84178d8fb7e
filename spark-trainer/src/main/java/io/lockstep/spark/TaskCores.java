package io.lockstep.spark;

import io.lockstep.data.InputException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * Gives each task as many cores as its replica has native threads, so that the replicas that
 * compute at once never have more threads than there are cores.
 *
 * <p>The number of threads belongs to the plan, since it decides bits, so it is never changed here:
 * fewer tasks run at once instead ({@value #KEY}).
 */
final class TaskCores {
  /** Spark's setting: cores that a task occupies. */
  static final String KEY = "spark.task.cpus";

  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)\\s*(?:,.*)?\\])?");
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*\\d+\\s*,\\s*(\\d+)\\s*,.*\\]");

  private TaskCores() {}

  /**
   * Sets the cores of a task, if the user has not.
   *
   * @param threads native threads of a replica
   * @return {@code conf}
   * @throws InputException if a task cannot have as many
   */
  static SparkConf apply(SparkConf conf, int threads) {
    conf.setIfMissing(KEY, Integer.toString(threads));
    int perTask = conf.getInt(KEY, 1);
    if (perTask < threads) {
      throw new InputException(
          """
          compute.threads is %1$d, but Spark's setting %2$s is %3$d, so replicas would have more \
          threads than cores. Leave %2$s out, or make it %1$d.\
          """
              .formatted(threads, KEY, perTask));
    }
    OptionalInt cores = cores(conf);
    if (cores.isPresent() && cores.getAsInt() < perTask) {
      throw new InputException(
          """
          A replica needs %1$d cores (compute.threads of the plan is %2$d), but %3$s gives %4$d. \
          Give at least %1$d: %5$s. With fewer compute.threads the plan is another one, with other \
          bits.\
          """
              .formatted(perTask, threads, place(conf), cores.getAsInt(), remedy(conf, perTask)));
    }
    return conf;
  }

  /** Number of tasks that run at once in a process; 0 if only the cluster knows. */
  static int tasksAtOnce(SparkConf conf) {
    return cores(conf).orElse(0) / conf.getInt(KEY, 1);
  }

  /** Cores of the process that runs tasks; empty if only the cluster knows. */
  private static OptionalInt cores(SparkConf conf) {
    String master = conf.get("spark.master");
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      String count = local.group(1);
      if (count == null) {
        return OptionalInt.of(1);
      }
      return OptionalInt.of(
          count.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(count));
    }
    Matcher cluster = LOCAL_CLUSTER.matcher(master);
    if (cluster.matches()) {
      return OptionalInt.of(Integer.parseInt(cluster.group(1)));
    }
    if (conf.contains("spark.executor.cores")) {
      return OptionalInt.of(conf.getInt("spark.executor.cores", 1));
    }
    boolean one = master.equals("yarn") || master.startsWith("k8s:");
    return one ? OptionalInt.of(1) : OptionalInt.empty();
  }

  private static String place(SparkConf conf) {
    String master = conf.get("spark.master");
    return master.startsWith("local") ? "the master " + master : "an executor";
  }

  private static String remedy(SparkConf conf, int perTask) {
    return conf.get("spark.master").startsWith("local")
        ? "--master 'local[" + perTask + "]'"
        : "--executor-cores " + perTask;
  }
}
