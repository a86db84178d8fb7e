package io.lockstep.bench;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.lockstep.compute.Accelerator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One contender's JVM: does what its standard input says, line by line, and answers each line.
 *
 * <pre>
 * load WORKLOAD REPLICAS   -> loaded PARAMETERS         networks, each with a thread of its own
 * run WARM STEPS           -> ran NANOS CPU FIRST LAST  from the first weights; CPU time of the
 *                                                      slowest replica; losses of the first,
 *                                                      each the mean of three steps
 * roofline THREADS         -> gflops FIGURE
 * unload                   -> unloaded
 * </pre>
 */
final class Contender {
  /** What computes. */
  enum Kind {
    STOCK,
    LOCKSTEP,
    LIBTORCH;

    Network network(Workload workload) throws IOException {
      return switch (this) {
        case STOCK -> new Dl4jNetwork(workload, network -> {});
        case LOCKSTEP -> new Dl4jNetwork(workload, Accelerator::accelerate);
        case LIBTORCH -> new LibtorchNetwork(workload);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Run(long start, long end, long cpuNanos, double firstLoss, double lastLoss) {}

  private final Kind kind;
  private final int threads;
  private final List<ExecutorService> workers = new ArrayList<>();
  private final List<Network> networks = new ArrayList<>();

  private Contender(Kind kind, int threads) {
    this.kind = kind;
    this.threads = threads;
  }

  /** Runs the contender named by the first argument with as many native threads as the second. */
  public static void main(String[] args) throws Exception {
    // The threads of the replicas would keep the JVM alive after a failure.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, failure) -> {
              new RuntimeException("contender " + String.join(" ", args), failure)
                  .printStackTrace(System.err);
              Runtime.getRuntime().halt(1);
            });
    serve(args);
    System.exit(0);
  }

  private static void serve(String[] args) throws Exception {
    PrintStream answers = System.out;
    // Libraries that greet must not mix with the answers.
    System.setOut(System.err);
    Contender contender =
        new Contender(Kind.valueOf(args[0].toUpperCase(Locale.ROOT)), Integer.parseInt(args[1]));
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(contender.answer(line.split(" ")));
      answers.flush();
    }
  }

  private String answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "load" -> load(Workload.named(words[1]), Integer.parseInt(words[2]));
      case "run" -> run(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "roofline" -> "gflops " + Roofline.measure(Integer.parseInt(words[1]));
      case "unload" -> unload();
      default -> throw new IllegalArgumentException("unknown command " + words[0]);
    };
  }

  private String load(Workload workload, int replicas) throws Exception {
    List<Future<Network>> made = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      workers.add(Executors.newSingleThreadExecutor());
      made.add(
          workers
              .get(i)
              .submit(
                  () -> {
                    if (kind == Kind.LIBTORCH) {
                      Engine.getEngine("PyTorch");
                      // OpenMP's threads are set for the calling thread.
                      JniUtils.setNumThreads(threads);
                    }
                    return kind.network(workload);
                  }));
    }
    for (Future<Network> network : made) {
      networks.add(network.get());
    }
    return "loaded " + networks.get(0).parameters();
  }

  private String run(int warm, int steps) throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(networks.size());
    List<Future<Run>> runs = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      Network network = networks.get(i);
      int offset = i * 32;
      runs.add(workers.get(i).submit(() -> run(network, offset, warm, steps, start)));
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    long cpuNanos = 0;
    for (Future<Run> future : runs) {
      first = Math.min(first, future.get().start());
      last = Math.max(last, future.get().end());
      cpuNanos = Math.max(cpuNanos, future.get().cpuNanos());
    }
    Run own = runs.get(0).get();
    return "ran " + (last - first) + " " + cpuNanos + " " + own.firstLoss() + " " + own.lastLoss();
  }

  private static Run run(Network network, int offset, int warm, int steps, CyclicBarrier barrier)
      throws Exception {
    network.reset();
    double[] losses = new double[warm + steps];
    for (int i = 0; i < warm; i++) {
      losses[i] = network.step(offset + i);
    }
    barrier.await();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpuStart = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    for (int i = warm; i < losses.length; i++) {
      losses[i] = network.step(offset + i);
    }
    long end = System.nanoTime();
    long cpuNanos = threads.getCurrentThreadCpuTime() - cpuStart;
    int few = Math.min(3, losses.length);
    double first = Arrays.stream(losses, 0, few).average().orElseThrow();
    double last = Arrays.stream(losses, losses.length - few, losses.length).average().orElseThrow();
    return new Run(start, end, cpuNanos, first, last);
  }

  private String unload() throws InterruptedException, ExecutionException {
    for (int i = 0; i < networks.size(); i++) {
      Network network = networks.get(i);
      Callable<Void> close =
          () -> {
            network.close();
            return null;
          };
      workers.get(i).submit(close).get();
      workers.get(i).shutdown();
    }
    networks.clear();
    workers.clear();
    return "unloaded";
  }
}
