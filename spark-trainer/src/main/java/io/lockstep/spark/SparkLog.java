package io.lockstep.spark;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;

/** What Spark logs in this JVM, where its user has not said what it shall log. */
public final class SparkLog {
  private static final Pattern DEFAULTS =
      Pattern.compile("org/apache/spark/log4j2-(pattern-layout-)?defaults\\.properties$");

  /** Where a task leaves some fifteen lines in an executor's log. */
  private static final List<String> OF_EACH_TASK =
      List.of(
          "org.apache.spark.executor", "org.apache.spark.storage", "org.apache.spark.broadcast");

  private SparkLog() {}

  /** Whether this JVM logs as Spark does by default. */
  public static boolean isDefault() {
    String source =
        String.valueOf(
            LoggerContext.getContext(false)
                .getConfiguration()
                .getConfigurationSource()
                .getLocation());
    return DEFAULTS.matcher(source).find();
  }

  /**
   * In an executor, lets nothing but warnings through from what logs each task: a run of a hundred
   * thousand rounds would leave gigabytes, and writing them took 5 ms of a round.
   */
  static void quietRounds() {
    if (!isDriver() && isDefault()) {
      OF_EACH_TASK.forEach(name -> Configurator.setLevel(name, Level.WARN));
    }
  }

  private static boolean isDriver() {
    return SparkContext$.MODULE$.DRIVER_IDENTIFIER().equals(SparkEnv.get().executorId());
  }
}
