package io.lockstep.compute;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which layers of a network are accelerated, by what, and which are not and why.
 *
 * @param layers one entry per layer, in the network's order
 * @param updater what computes the optimizer's step
 * @param platform the machine's part in it: what the native libraries can use here
 */
public record KernelReport(List<Entry> layers, String updater, String platform) {
  public KernelReport {
    layers = List.copyOf(layers);
  }

  /**
   * One layer.
   *
   * @param layer its name
   * @param type its DL4J configuration class, without package
   * @param accelerated whether one of Lockstep's kernels computes it
   * @param how the kernel, or the reason why the layer stays stock
   */
  public record Entry(String layer, String type, boolean accelerated, String how) {
    static Entry accelerated(String layer, String type, String kernel) {
      return new Entry(layer, type, true, kernel);
    }

    static Entry stock(String layer, String type, String reason) {
      return new Entry(layer, type, false, reason);
    }

    @Override
    public String toString() {
      return layer + " (" + type + "): " + (accelerated ? how : "stock DL4J, " + how);
    }
  }

  /** Number of layers that a kernel of Lockstep computes. */
  public int accelerated() {
    return (int) layers.stream().filter(Entry::accelerated).count();
  }

  /** The whole report, one line per layer, one for the optimizer and one for the machine. */
  @Override
  public String toString() {
    return layers.stream().map(Entry::toString).collect(Collectors.joining("\n", "", "\n"))
        + updater
        + "\n"
        + platform;
  }
}
