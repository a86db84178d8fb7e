package io.lockstep.bench;

import io.lockstep.compute.Accelerator;
import io.lockstep.compute.NativeThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Whether a step becomes slower as training goes on, as denormal numbers in the optimizer's state
 * would make it.
 */
@Command(
    name = "long-run",
    description = "time of a step and denormal numbers in Adam's state over thousands of steps",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LongRunBenchmark implements Callable<Integer> {
  @Option(names = "--model", description = "the network (default: ${DEFAULT-VALUE})")
  private String model = "lenet";

  @Option(names = "--steps", description = "steps (default: ${DEFAULT-VALUE})")
  private int steps = 3000;

  @Option(names = "--rows", description = "lines to print (default: ${DEFAULT-VALUE})")
  private int rows = 10;

  @Option(
      names = "--denormal",
      description = "begin with an optimizer's state of denormal numbers throughout")
  private boolean denormal;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    NativeThreads.use(1);
    out.printf(
        "%s, kernels on, one thread; CPU time%n%8s %12s %12s %14s%n",
        model, "step", "ms per step", "loss", "denormal state");
    out.flush();
    try (Dl4jNetwork network = new Dl4jNetwork(Workload.named(model), Accelerator::accelerate)) {
      for (int step = 0; step < 40; step++) {
        network.step(step);
      }
      network.reset();
      INDArray state = network.network().getUpdater().getStateViewArray();
      if (denormal) {
        state.assign(1e-40);
      }
      int each = Math.max(1, steps / rows);
      for (int from = 0; from < steps; from += each) {
        row(out, network, from, Math.min(from + each, steps));
      }
    }
    return 0;
  }

  private static void row(PrintWriter out, Dl4jNetwork network, int from, int to) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    double loss = 0;
    for (int step = from; step < to; step++) {
      loss += network.step(step);
    }
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    float[] state = network.network().getUpdater().getStateViewArray().dup().data().asFloat();
    int denormal = 0;
    for (float value : state) {
      denormal += value != 0 && Math.abs(value) < Float.MIN_NORMAL ? 1 : 0;
    }
    out.printf(
        "%8d %12.3f %12.5f %13.2f%%%n",
        to, nanos / 1e6 / (to - from), loss / (to - from), 100.0 * denormal / state.length);
    out.flush();
  }
}
