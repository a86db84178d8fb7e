package io.lockstep.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Lets executors fail on demand, from within and without a shell: a plugin of Spark's, in use only
 * where {@code spark.plugins} names it, such as in tests.
 *
 * <p>The driver {@linkplain Order orders} a fault for the next jobs of its thread; the task that it
 * names executes it as it begins.
 */
public final class FaultPlugin implements SparkPlugin {
  /** What can happen to a task. */
  public enum Fault {
    /** Its executor dies, as by {@code kill -9}. */
    DEATH {
      @Override
      void happen() {
        pause(); // until the driver knows that the task runs
        Runtime.getRuntime().halt(128 + 9);
      }
    },
    /** It does not go on, until it is killed. */
    HANG {
      @Override
      void happen() {
        while (!TaskContext.get().isInterrupted()) {
          pause();
        }
      }
    },
    /** Its executor's heap is used up; the task fails where it asks for more. */
    MEMORY {
      @Override
      void happen() {
        try {
          while (true) {
            HELD.add(new byte[1 << 16]);
          }
        } catch (OutOfMemoryError e) {
          return; // Spark would not let the task see it
        }
      }
    };

    private static final List<byte[]> HELD = new ArrayList<>();
    private static final long PAUSE_MILLIS = 200;

    abstract void happen();

    private static void pause() {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * What is to happen.
   *
   * @param fault that happens
   * @param replica to whose task
   * @param attempts number of attempts that it happens to, from the first on
   */
  public record Order(Fault fault, int replica, int attempts) {
    private static final String PROPERTY = "io.lockstep.fault";

    /** Gives the order to the jobs that this thread starts from now on. */
    public void give(JavaSparkContext spark) {
      spark.setLocalProperty(PROPERTY, "%s %d %d".formatted(fault, replica, attempts));
    }

    /** Takes it back. */
    public static void revoke(JavaSparkContext spark) {
      spark.setLocalProperty(PROPERTY, null);
    }

    private static void execute(TaskContext task) {
      String text = task.getLocalProperty(PROPERTY);
      if (text == null) {
        return;
      }
      String[] words = text.split(" ", 3);
      var order =
          new Order(
              Fault.valueOf(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      if (task.partitionId() == order.replica && task.attemptNumber() < order.attempts) {
        order.fault.happen();
      }
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void onTaskStart() {
        Order.execute(TaskContext.get());
      }
    };
  }
}
