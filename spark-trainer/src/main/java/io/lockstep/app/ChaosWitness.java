package io.lockstep.app;

import io.lockstep.app.ChaosSchedule.Placed;
import io.lockstep.spark.FaultOrder;
import io.lockstep.spark.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * What is seen of faults: by the driver as each begins, by the executor when it is over, and by
 * Spark until the next. Thread-safe.
 */
final class ChaosWitness extends SparkListener implements Faults.Watch {
  private final Map<FaultOrder, Placed> placed;
  private final ChaosListener listener;
  private final Map<Placed, Sight> sights = new HashMap<>();
  private Sight last = new Sight();
  private String lastWords = "no fault so far";

  /** What was seen of one fault. */
  private static final class Sight {
    private final List<String> words = new ArrayList<>();
    private int repeated;
  }

  /**
   * A witness of what is ordered.
   *
   * @param placed the faults by their orders
   */
  ChaosWitness(Map<FaultOrder, Placed> placed, ChaosListener listener) {
    this.placed = Map.copyOf(placed);
    this.listener = listener;
  }

  @Override
  public void striking(FaultOrder order, String executor) {
    Placed fault = placed.get(order);
    String where = "replica %d, executor %s".formatted(fault.replica(), executor);
    synchronized (this) {
      last = new Sight();
      last.words.add("executor " + executor);
      sights.put(fault, last);
      lastWords = "%s in round %d, %s".formatted(fault.fault().word(), fault.round() + 1, where);
    }
    listener.fault(fault.fault(), fault.round(), where);
  }

  @Override
  public synchronized void struck(FaultOrder order, String what) {
    if (!what.isEmpty()) {
      sights.get(placed.get(order)).words.add(what);
    }
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    last.words.add(event.executorId() + " lost");
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded event) {
    last.words.add(event.executorId() + " came");
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (event.reason() != Success$.MODULE$) {
      last.repeated++;
    }
  }

  /** What was seen of a fault; empty if it never came to it. */
  synchronized Optional<String> seen(Placed fault) {
    Sight sight = sights.get(fault);
    if (sight == null) {
      return Optional.empty();
    }
    List<String> all = new ArrayList<>(sight.words);
    if (sight.repeated > 0) {
      all.add(sight.repeated == 1 ? "a task repeated" : sight.repeated + " tasks repeated");
    }
    return Optional.of(String.join(", ", all));
  }

  /** The newest fault, in a few words. */
  synchronized String newest() {
    return lastWords;
  }
}
