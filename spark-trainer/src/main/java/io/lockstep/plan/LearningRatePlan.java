package io.lockstep.plan;

import io.lockstep.data.InputException;

/** The learning rate: a number, or how it changes during the run. */
public sealed interface LearningRatePlan {
  /** What a schedule counts. */
  enum Unit {
    /** Optimizer steps of a replica, from 0. */
    STEP,
    /** Epochs, from 0. */
    EPOCH
  }

  /** The same all the time. */
  record Constant(double rate) implements LearningRatePlan {}

  /** {@code initial * factor^floor(t / every)}. */
  record Step(double initial, double factor, int every, Unit per) implements LearningRatePlan {}

  /** {@code initial * factor^t}. */
  record Exponential(double initial, double factor, Unit per) implements LearningRatePlan {}

  /** {@code initial / (1 + gamma t)^power}; Caffe's inv. */
  record Inverse(double initial, double gamma, double power, Unit per)
      implements LearningRatePlan {}

  /** {@code last + (initial - last) (1 - t / length)^power}, then {@code last}. */
  record Polynomial(double initial, double last, double power, int length, int warmup, Unit per)
      implements LearningRatePlan {
    public Polynomial {
      checkWarmup(warmup, length);
    }
  }

  /** {@code last + (initial - last) (1 + cos(pi t / length)) / 2}, then {@code last}. */
  record Cosine(double initial, double last, int length, int warmup, Unit per)
      implements LearningRatePlan {
    public Cosine {
      checkWarmup(warmup, length);
    }
  }

  /** Linearly up to {@code rate}, then constant. */
  record Warmup(double rate, int length, Unit per) implements LearningRatePlan {}

  /** Along a cosine from {@code peak / divide} up to {@code peak} and down to almost 0. */
  record OneCycle(double peak, int length, double rise, double divide, double divideLast, Unit per)
      implements LearningRatePlan {}

  private static void checkWarmup(int warmup, int length) {
    if (warmup >= length) {
      throw new InputException("warmup: must be shorter than length (" + length + ")");
    }
  }
}
