package io.lockstep.train;

/**
 * What a round takes beside the steps of its replicas, by a simple model.
 *
 * <p>{@code latency + travel / bandwidth + laid out / copying}. A small state goes from the driver
 * to each executor, and all contributions come back to it. A large one is passed on among
 * executors, so it is counted twice from the second on; its contributions are cut into slices: what
 * does not stay on its executor travels once, and the merged whole goes to the driver. All that
 * travels is laid out and read again, by executors side by side. What a step takes is not part of
 * it.
 *
 * @param latencySeconds of a round between JVMs in which nothing is computed and nothing travels
 * @param bytesPerSecond of the network, into one machine
 */
public record RoundCost(double latencySeconds, double bytesPerSecond) {
  /** Of a standalone cluster, as measured on one machine; and a network of 10 Gbit/s. */
  public static final RoundCost USUAL = new RoundCost(0.010, 1100e6);

  /** A round whose replicas are in the driver's JVM. */
  private static final double LOCAL_SECONDS = 0.001;

  /** Bytes of a state laid out or read in a second by one core. */
  private static final double COPIED_PER_SECOND = 3.5e9;

  /** Share of a round that is little to pay. */
  private static final double LITTLE = 0.1;

  /** Of a number of steps, that a sum of decimals may be off. */
  private static final double ROUNDING = 1e-9;

  public RoundCost {
    if (!(latencySeconds >= 0) || !(bytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "latency %s s, bandwidth %s bytes a second".formatted(latencySeconds, bytesPerSecond));
    }
  }

  /** Seconds of a round on {@code executors}, beside its steps. */
  public double seconds(RunSize run, int executors, boolean large) {
    double bytes = run.travellingBytes();
    int used = Math.min(executors, run.replicas());
    double back =
        large ? bytes * run.replicas() / used * (used - 1) / used + bytes : bytes * run.replicas();
    double out = large ? bytes * Math.min(used, 2) : bytes * used;
    double travel = out + back;
    double copies = 2 * bytes + 2 * bytes * run.replicas() / (large ? used : 1);
    return latencySeconds + travel / bytesPerSecond + copies / COPIED_PER_SECOND;
  }

  /** Seconds of a round in one JVM, beside its steps: vectors are copied, nothing travels. */
  public static double local(RunSize run) {
    return LOCAL_SECONDS + copies(run);
  }

  /** Seconds of a round in one thread: vectors are copied. */
  public static double copies(RunSize run) {
    return 2.0 * run.travellingBytes() * run.replicas() / COPIED_PER_SECOND;
  }

  /**
   * The fewest local steps with which rounds take no more than a tenth of the time.
   *
   * @param roundSeconds of a round beside its steps
   * @param stepSeconds of all the steps that one core takes where a replica takes one
   * @param most steps of a replica in an epoch
   */
  public static int localSteps(double roundSeconds, double stepSeconds, long most) {
    double wanted = Math.ceil(roundSeconds * (1 - LITTLE) / LITTLE / stepSeconds - ROUNDING);
    return (int) Math.max(1, Math.min(wanted, (double) most));
  }
}
