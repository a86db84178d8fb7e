package io.lockstep.bench;

import io.lockstep.compute.Accelerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How far stock DL4J and Lockstep are from the same training in double precision, and from each
 * other.
 *
 * <p>Adam divides each gradient by its own size, so one that is nothing but rounding moves its
 * weight as far as a large one, and any two ways of rounding part after a few steps. What must hold
 * is that Lockstep's rounding is no worse than stock's.
 */
@Command(
    name = "drift",
    description = "distance of stock DL4J and Lockstep to training in double precision",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DriftBenchmark implements Callable<Integer> {
  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "networks (default: ${DEFAULT-VALUE})")
  private List<String> models = List.of("lenet", "cnn", "cnn3", "lstm");

  @Option(
      names = "--at",
      split = ",",
      paramLabel = "STEP",
      description = "steps at which to compare, ascending (default: ${DEFAULT-VALUE})")
  private List<Integer> at = List.of(1, 2, 3, 5, 10, 20);

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (String model : models) {
      compare(out, Workload.named(model));
    }
    return 0;
  }

  private void compare(PrintWriter out, Workload workload) throws IOException {
    out.printf("%n%s; distance of all parameters, relative to their norm%n", workload);
    out.printf(
        "%8s %16s %18s %16s%n", "step", "stock to double", "Lockstep to double", "to each other");
    try (Dl4jNetwork stock = new Dl4jNetwork(workload, network -> {});
        Dl4jNetwork fast = new Dl4jNetwork(workload, Accelerator::accelerate);
        Dl4jNetwork exact = Dl4jNetwork.inDouble(workload, stock)) {
      int step = 0;
      for (int next : at) {
        for (; step < next; step++) {
          stock.step(step);
          fast.step(step);
          exact.step(step);
        }
        out.printf(
            "%8d %16.2e %18.2e %16.2e%n",
            step, distance(stock, exact), distance(fast, exact), distance(fast, stock));
        out.flush();
      }
    }
  }

  private static double distance(Dl4jNetwork one, Dl4jNetwork other) {
    INDArray truth = other.network().params().castTo(DataType.DOUBLE);
    INDArray difference = one.network().params().castTo(DataType.DOUBLE).sub(truth);
    return difference.norm2Number().doubleValue() / truth.norm2Number().doubleValue();
  }
}
