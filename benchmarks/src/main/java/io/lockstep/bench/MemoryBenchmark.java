package io.lockstep.bench;

import io.lockstep.compute.Accelerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether memory stays flat while networks train, and comes back when they are closed. */
@Command(
    name = "memory",
    description = "heap and native memory over thousands of steps with the kernels on",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MemoryBenchmark implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "networks, each for itself (default: ${DEFAULT-VALUE})")
  private List<String> models = List.of("lenet", "lstm");

  @Option(names = "--steps", description = "of each network (default: ${DEFAULT-VALUE})")
  private int steps = 5000;

  @Option(names = "--rows", description = "lines to print (default: ${DEFAULT-VALUE})")
  private int rows = 10;

  @Option(
      names = "--networks",
      description = "then networks opened and closed in turn (default: ${DEFAULT-VALUE})")
  private int networks = 20;

  @Spec private CommandSpec spec;

  /** Memory in use after the collector has run, in MiB. */
  private record Use(int at, double heap, double arrays, double process) {
    static Use measure(int at) {
      for (int i = 0; i < 3; i++) {
        System.gc();
        // Native arrays are freed by the thread that watches for collected owners.
        Pointer.deallocateReferences();
      }
      Runtime runtime = Runtime.getRuntime();
      return new Use(
          at,
          (runtime.totalMemory() - runtime.freeMemory()) / MIB,
          Pointer.totalBytes() / MIB,
          Pointer.physicalBytes() / MIB);
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (String model : models) {
      steps(out, Workload.named(model));
    }
    if (networks > 0) {
      openAndClose(out, Workload.named(models.get(0)));
    }
    return 0;
  }

  private void steps(PrintWriter out, Workload workload) throws IOException {
    header(out, workload + ": " + steps + " steps", "step");
    List<Use> uses = new ArrayList<>();
    try (Network network = new Dl4jNetwork(workload, Accelerator::accelerate)) {
      int each = Math.max(1, steps / rows);
      for (int step = 0; step < steps; step++) {
        if (step % each == 0 && step > 0) {
          uses.add(print(out, Use.measure(step)));
        }
        network.step(step);
      }
      uses.add(print(out, Use.measure(steps)));
    }
    slope(out, uses, "1,000 steps", 1000);
  }

  private void openAndClose(PrintWriter out, Workload workload) throws IOException {
    header(out, workload + ": networks opened, trained for 3 steps and closed", "network");
    List<Use> uses = new ArrayList<>();
    for (int i = 1; i <= networks; i++) {
      try (Network network = new Dl4jNetwork(workload, Accelerator::accelerate)) {
        for (int step = 0; step < 3; step++) {
          network.step(step);
        }
      }
      if (i % Math.max(1, networks / 5) == 0) {
        uses.add(print(out, Use.measure(i)));
      }
    }
    slope(out, uses, "network", 1);
  }

  private static void header(PrintWriter out, String title, String unit) {
    out.printf("%n%s; MiB after collection%n", title);
    out.printf("%8s %10s %14s %10s%n", unit, "heap", "native arrays", "process");
    out.flush();
  }

  private static Use print(PrintWriter out, Use use) {
    out.printf("%8d %10.1f %14.1f %10.1f%n", use.at(), use.heap(), use.arrays(), use.process());
    out.flush();
    return use;
  }

  private static void slope(PrintWriter out, List<Use> uses, String unit, double per) {
    out.printf(
        "slope per %s: heap %+.3f, native arrays %+.3f, process %+.3f MiB%n",
        unit,
        per * Slope.of(uses, Use::at, Use::heap),
        per * Slope.of(uses, Use::at, Use::arrays),
        per * Slope.of(uses, Use::at, Use::process));
    out.flush();
  }
}
