package io.lockstep.bench;

import io.lockstep.compute.Accelerator;
import io.lockstep.compute.NativeThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Networks of plain DL4J, each in a loop and a thread of its own. */
final class PlainLoops implements AutoCloseable {
  /** Networks, each in a thread. */
  static final int LOOPS = 2;

  private final Workload workload;
  private final List<ExecutorService> threads = new ArrayList<>();
  private final List<Network> networks = new ArrayList<>();
  private int next;

  PlainLoops(Workload workload, boolean accelerated) throws Exception {
    this.workload = workload;
    for (int k = 0; k < LOOPS; k++) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      threads.add(thread);
      networks.add(
          thread
              .submit(
                  () -> {
                    NativeThreads.use(1);
                    return new Dl4jNetwork(
                        workload,
                        network -> {
                          if (accelerated) {
                            Accelerator.accelerate(network);
                          }
                        });
                  })
              .get());
    }
  }

  Workload workload() {
    return workload;
  }

  /** Takes {@code steps} with each network; examples/s. */
  double run(int steps) throws Exception {
    return run(steps, steps);
  }

  /** As above, and after every {@code between} steps the loops wait for each other. */
  double run(int steps, int between) throws Exception {
    CyclicBarrier start = new CyclicBarrier(LOOPS + 1);
    CyclicBarrier meeting = new CyclicBarrier(LOOPS);
    List<Future<?>> running = new ArrayList<>();
    for (int k = 0; k < LOOPS; k++) {
      Network network = networks.get(k);
      int from = next + 32 * k;
      running.add(
          threads
              .get(k)
              .submit(
                  () -> {
                    start.await();
                    for (int i = 0; i < steps; i++) {
                      network.step(from + i);
                      if ((i + 1) % between == 0) {
                        meeting.await();
                      }
                    }
                    return null;
                  }));
    }
    next += steps;
    start.await();
    long begin = System.nanoTime();
    for (Future<?> each : running) {
      each.get();
    }
    return (double) LOOPS * steps * workload.batch() * 1e9 / (System.nanoTime() - begin);
  }

  @Override
  public void close() {
    networks.forEach(Network::close);
    threads.forEach(ExecutorService::shutdown);
  }
}
