package io.lockstep.train;

/**
 * What rounds took, as measured: in the mean, without the first, in which networks are built.
 *
 * @param rounds that were measured
 * @param seconds of a round
 * @param working seconds of those in which the slowest replica was at work
 */
public record RoundPace(long rounds, double seconds, double working) {
  /** Share of the time that rounds cost beside the work of replicas, [0, 1]. */
  public double share() {
    return seconds <= 0 ? 0 : Math.max(0, seconds - working) / seconds;
  }

  /**
   * The fewest local steps with which rounds would cost no more than a tenth of the time.
   *
   * @param now local steps of the rounds measured
   * @param most steps of a replica in an epoch
   */
  public int localSteps(int now, long most) {
    return RoundCost.localSteps(seconds - working, Math.max(working, 1e-6) / now, most);
  }
}
