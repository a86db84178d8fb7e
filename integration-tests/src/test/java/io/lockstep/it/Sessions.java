package io.lockstep.it;

import io.lockstep.spark.FaultPlugin;
import io.lockstep.spark.SparkSettings;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark in a JVM of the tests; its executors have the packaged jar and no other class of ours. */
final class Sessions {
  private Sessions() {}

  /**
   * Opens Spark at {@code master}.
   *
   * @param settings keys and values, in turn
   */
  static JavaSparkContext open(String master, String... settings) {
    SparkConf conf =
        SparkSettings.local(master, "writings")
            .set("spark.jars", Checkout.jar().toString())
            .set("spark.executor.memory", "600m")
            .set("spark.plugins", FaultPlugin.class.getName())
            .set("spark.ui.showConsoleProgress", "false")
            // Of an executor that was killed nothing comes, however long one waits.
            .set("spark.shuffle.io.retryWait", "100ms")
            .set("spark.executorEnv.JAVA_TOOL_OPTIONS", Lockstep.BRIEF);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return new JavaSparkContext(conf);
  }
}
