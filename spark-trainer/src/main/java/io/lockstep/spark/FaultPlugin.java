package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import io.lockstep.ps.Contribution;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import io.lockstep.train.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Lets executors fail on demand: a plugin of Spark's, in use only where {@code spark.plugins} names
 * it, such as in tests and by {@code lockstep chaos}.
 *
 * <p>The driver has the {@linkplain #faults orders}. Work for a replica begins, whichever engine
 * runs it and however many rounds a task has, with {@link #round}: it asks the driver what is to
 * happen to it, by the connection that Spark gives to plugins.
 *
 * <p>Both speak in words, which need no class of ours where Spark reads them: {@code ask REPLICA
 * EPOCH ROUND EXECUTOR}, answered by nothing or {@code NUMBER FAULT MILLIS}; then {@code struck
 * NUMBER WHAT}.
 */
public final class FaultPlugin implements SparkPlugin {
  private static volatile Asking asking; // null where the plugin is not in use
  private static volatile Faults faults; // null but in the driver of a context that has it

  /**
   * The orders of this driver.
   *
   * @throws IllegalStateException if no context of this JVM has the plugin
   */
  public static Faults faults() {
    Faults own = faults;
    if (own == null) {
      throw new IllegalStateException(
          "faults can be ordered where spark.plugins has %s only"
              .formatted(FaultPlugin.class.getName()));
    }
    return own;
  }

  /**
   * Runs the round of replica {@code k}: all engines on Spark do by this, in the thread of a task.
   */
  static Contribution round(
      Workbench bench, Shard shard, int k, RoundStart start, RoundRequest request) {
    Asking driver = asking;
    if (driver != null) {
      driver.about(k, request, bench);
    }
    return bench.round(shard, k, start, request);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Answering();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Asking();
  }

  private static final class Answering implements DriverPlugin {
    private final Faults orders = new Faults();

    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      faults = orders;
      return Map.of();
    }

    @Override
    public Object receive(Object message) {
      String[] words = message.toString().split(" ", 5);
      if (words[0].equals("struck")) {
        String[] told = message.toString().split(" ", 3);
        orders.struck(Integer.parseInt(told[1]), told[2]);
        return null;
      }
      var at = new RoundRequest(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      return orders
          .take(Integer.parseInt(words[1]), at, words[4])
          .map(it -> "%d %s %d".formatted(it.number(), it.order().fault(), it.order().millis()))
          .orElse("");
    }

    @Override
    public void shutdown() {
      faults = null;
    }
  }

  private static final class Asking implements ExecutorPlugin {
    private PluginContext driver;

    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      driver = context;
      asking = this;
    }

    /** Lets happen to replica {@code k} what the driver says. */
    void about(int k, RoundRequest request, Workbench bench) {
      try {
        String question =
            "ask %d %d %d %s".formatted(k, request.epoch(), request.round(), driver.executorID());
        String answer = (String) driver.ask(question);
        if (!answer.isEmpty()) {
          String[] words = answer.split(" ", 3);
          String what = Fault.valueOf(words[1]).strike(Long.parseLong(words[2]), bench);
          driver.send("struck %s %s".formatted(words[0], what));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("telling the driver of a fault", e);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("asking the driver for faults", e);
      }
    }

    @Override
    public void shutdown() {
      asking = null;
    }
  }
}
