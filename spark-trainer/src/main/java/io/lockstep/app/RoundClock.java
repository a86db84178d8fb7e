package io.lockstep.app;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** How long each round of a run took, evaluations left out. Thread-safe. */
final class RoundClock implements TrainingListener {
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private final TreeMap<Long, Long> ends = new TreeMap<>(); // in nanoseconds, by round
  private final TreeMap<Long, Double> seconds = new TreeMap<>(); // by round
  private long since;
  private long next;

  /**
   * A clock that stands.
   *
   * @param nanos as {@link System#nanoTime}
   */
  RoundClock(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  @Override
  public synchronized void loading(String doing, double share) {
    since = nanos.getAsLong();
  }

  @Override
  public synchronized void began(Position from) {
    since = nanos.getAsLong();
    next = from.round();
  }

  @Override
  public synchronized void round(Position now, double loss) {
    long end = nanos.getAsLong();
    next = now.round();
    ends.put(next - 1, end);
    seconds.put(next - 1, (end - since) / NANOS);
    since = end;
  }

  @Override
  public synchronized void evaluated(int epoch, Part part, EvaluationResult result) {
    since = nanos.getAsLong();
  }

  /** The round that is under way, counted from 0. */
  synchronized long next() {
    return next;
  }

  /** Seconds since the last sign of life. */
  synchronized double waiting() {
    return (nanos.getAsLong() - since) / NANOS;
  }

  /**
   * What rounds took beyond {@code usual} seconds, of all that took more than twice as long: no
   * others, or the noise of many rounds would add up.
   *
   * @param from first round
   * @param to round after the last
   */
  synchronized double excess(long from, long to, double usual) {
    return seconds.subMap(from, to).values().stream()
        .filter(taken -> taken > 2 * usual)
        .mapToDouble(taken -> taken - usual)
        .sum();
  }

  /** When a round was over, if it was seen, by the clock. */
  synchronized OptionalDouble end(long round) {
    Long end = ends.get(round);
    return end == null ? OptionalDouble.empty() : OptionalDouble.of(end / NANOS);
  }

  /** The median of the rounds after the first, which loads natives; of that one if it is alone. */
  synchronized double median() {
    double[] sorted =
        seconds.entrySet().stream()
            .filter(it -> it.getKey() > 0 || seconds.size() == 1)
            .mapToDouble(it -> it.getValue())
            .sorted()
            .toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
