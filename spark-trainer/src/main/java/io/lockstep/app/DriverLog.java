package io.lockstep.app;

import io.lockstep.spark.SparkLog;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;

/**
 * What a driver that spark-submit started logs to its terminal when nobody has said it: warnings.
 *
 * <p>Spark's default is INFO, megabytes of tasks in which the progress of a run drowns; its own
 * shells turn it down as well.
 */
public final class DriverLog {
  private static final String OURS = "/lockstep-submit-log4j2.properties";

  private DriverLog() {}

  /** Lets warnings through only, unless the user has a configuration of logging. */
  public static void quiet() {
    // Spark takes its defaults with the first thing that it logs: before ours, not after.
    new SparkConf(false).initializeLogIfNecessary(false, true);
    if (SparkLog.isDefault()) {
      Configurator.reconfigure(ours());
    }
  }

  private static URI ours() {
    try {
      return DriverLog.class.getResource(OURS).toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
