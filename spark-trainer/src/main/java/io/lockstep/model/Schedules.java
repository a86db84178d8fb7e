package io.lockstep.model;

import io.lockstep.plan.LearningRatePlan;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Learning rates as DL4J's schedules.
 *
 * <p>Only classes of plain DL4J are used, so that a saved model loads without Lockstep. DL4J has no
 * cosine, no warm-up that can be saved, and its {@code PolySchedule} grows where it should fall
 * ({@code 1 + i / maxIter}); these become tables ({@link MapSchedule}) with at most {@value
 * #MAX_POINTS} points, each rate holding until the next point.
 */
final class Schedules {
  /** Points of a table; a configuration holds one table per layer. */
  static final int MAX_POINTS = 400;

  private Schedules() {}

  /** The schedule, or nothing for a constant rate. */
  static Optional<ISchedule> of(LearningRatePlan plan) {
    if (plan instanceof LearningRatePlan.Constant) {
      return Optional.empty();
    }
    return Optional.of(schedule(plan));
  }

  private static ISchedule schedule(LearningRatePlan plan) {
    if (plan instanceof LearningRatePlan.Step step) {
      return new StepSchedule(type(step.per()), step.initial(), step.factor(), step.every());
    }
    if (plan instanceof LearningRatePlan.Exponential exponential) {
      return new ExponentialSchedule(
          type(exponential.per()), exponential.initial(), exponential.factor());
    }
    if (plan instanceof LearningRatePlan.Inverse inverse) {
      return new InverseSchedule(
          type(inverse.per()), inverse.initial(), inverse.gamma(), inverse.power());
    }
    if (plan instanceof LearningRatePlan.Polynomial polynomial) {
      return table(type(polynomial.per()), polynomial.length(), t -> rate(polynomial, t));
    }
    if (plan instanceof LearningRatePlan.Cosine cosine) {
      return table(type(cosine.per()), cosine.length(), t -> rate(cosine, t));
    }
    if (plan instanceof LearningRatePlan.Warmup warmup) {
      double rate = warmup.rate();
      return table(
          type(warmup.per()), warmup.length(), t -> rising(rate, t, warmup.length()).orElse(rate));
    }
    LearningRatePlan.OneCycle cycle = (LearningRatePlan.OneCycle) plan;
    return table(type(cycle.per()), cycle.length(), t -> rate(cycle, t));
  }

  private static double rate(LearningRatePlan.Polynomial plan, int t) {
    double left = Math.max(0, 1 - (double) t / plan.length());
    double rate = plan.last() + (plan.initial() - plan.last()) * Math.pow(left, plan.power());
    return rising(plan.initial(), t, plan.warmup()).orElse(rate);
  }

  private static double rate(LearningRatePlan.Cosine plan, int t) {
    double rate = cosine(plan.initial(), plan.last(), (double) t / plan.length());
    return rising(plan.initial(), t, plan.warmup()).orElse(rate);
  }

  private static double rate(LearningRatePlan.OneCycle plan, int t) {
    double low = plan.peak() / plan.divide();
    double top = plan.rise() * plan.length();
    return t < top
        ? cosine(low, plan.peak(), t / top)
        : cosine(plan.peak(), low / plan.divideLast(), (t - top) / (plan.length() - top));
  }

  /** The rate of the {@code t}-th of {@code length} units of warm-up, if it is one. */
  private static Optional<Double> rising(double rate, int t, int length) {
    return t < length ? Optional.of(rate * (t + 1) / (length + 1)) : Optional.empty();
  }

  private static double cosine(double from, double to, double part) {
    return to + (from - to) * (1 + Math.cos(Math.PI * Math.min(1, part))) / 2;
  }

  /** A table of {@code rate} from 0 to {@code length}; the last rate holds for ever. */
  private static MapSchedule table(ScheduleType type, int length, IntToDoubleFunction rate) {
    Map<Integer, Double> points = new TreeMap<>();
    int count = Math.min(length, MAX_POINTS);
    for (int i = 0; i <= count; i++) {
      int t = (int) ((long) length * i / count);
      points.put(t, rate.applyAsDouble(t));
    }
    return new MapSchedule(type, points);
  }

  private static ScheduleType type(LearningRatePlan.Unit unit) {
    return unit == LearningRatePlan.Unit.STEP ? ScheduleType.ITERATION : ScheduleType.EPOCH;
  }
}
