package io.lockstep.compute;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mask of sequences, {@code [batch, time]}, as a factor of each example at each step.
 *
 * <p>A factor of 1 changes no bit, so a step that all examples have is left alone: most steps are
 * such, and all of them where lengths could differ but do not. The lanes beyond the minibatch keep
 * what they hold, as without a mask. Owned by one layer, so by one thread at a time.
 */
final class StepMask {
  private final Sequence factors = Sequence.plain();
  private boolean[] whole = new boolean[0];

  /** Takes a mask of any type. */
  void load(INDArray mask) {
    INDArray floats = mask.castTo(DataType.FLOAT);
    factors.load(floats.reshape(floats.ordering(), floats.size(0), 1, floats.size(1)));
    if (whole.length < factors.steps()) {
      whole = new boolean[factors.steps()];
    }
    for (int step = 0; step < factors.steps(); step++) {
      whole[step] = allOnes(step);
    }
  }

  private boolean allOnes(int step) {
    for (int example = 0; example < factors.examples(); example++) {
      if (at(step, example) != 1f) {
        return false;
      }
    }
    return true;
  }

  /** Whether all factors of all steps are 1. */
  boolean whole() {
    for (int step = 0; step < factors.steps(); step++) {
      if (!whole[step]) {
        return false;
      }
    }
    return true;
  }

  /** Whether all factors of a step are 1. */
  boolean whole(int step) {
    return whole[step];
  }

  /** The factor of an example at a step. */
  float at(int step, int example) {
    return factors.data()[factors.at(step) + example];
  }

  /** Multiplies a step of {@code sequence} by its factors. */
  void apply(int step, Sequence sequence) {
    apply(step, sequence, step);
  }

  /** Multiplies the block at {@code to}, where a sequence keeps the step in another place. */
  void apply(int step, Sequence sequence, int to) {
    if (!whole[step]) {
      sequence.scale(to, factors.data(), factors.at(step));
    }
  }

  /** Multiplies all steps of {@code sequence}. */
  void apply(Sequence sequence) {
    for (int step = 0; step < sequence.steps(); step++) {
      apply(step, sequence);
    }
  }
}
