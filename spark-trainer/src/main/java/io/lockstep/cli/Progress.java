package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Shows how a run comes along.
 *
 * <p>Not thread-safe. Whatever is shown, lines given to {@link #note} appear whole.
 */
interface Progress extends AutoCloseable {
  /** What {@code --progress} says. */
  enum Mode {
    /** A bar on a terminal, else plain lines. */
    AUTO,
    /** A bar, whatever the terminal. */
    BAR,
    /** Plain lines. */
    PLAIN,
    /** Nothing but notes and evaluations. */
    NONE
  }

  /**
   * How much there is to do.
   *
   * @param epochs of the plan
   * @param examples of one epoch
   * @param done examples trained before, when a run is resumed
   */
  record Extent(int epochs, long examples, long done) {
    long total() {
      return epochs * examples;
    }
  }

  /**
   * Reading the data comes along.
   *
   * @param doing what is being done
   * @param share of it that is done, [0, 1]
   */
  void loading(String doing, double share);

  /** Training begins. */
  void begin(Extent extent);

  /**
   * A round was merged.
   *
   * @param done examples trained so far in the whole run
   * @param loss mean over the examples of the round
   */
  void round(long done, double loss);

  /**
   * The model was evaluated.
   *
   * @param title such as {@code epoch 3 validation}
   */
  void evaluated(String title, EvaluationResult result);

  /** Prints a line of its own. */
  void note(String line);

  /** Training is over, one way or the other: leaves a clean line. */
  @Override
  void close();

  /**
   * What suits {@code mode} and {@code terminal}.
   *
   * @param nanos clock, as {@link System#nanoTime}
   */
  static Progress of(Mode mode, Terminal terminal, PrintWriter out, LongSupplier nanos) {
    if (mode == Mode.NONE) {
      return new QuietProgress(out);
    }
    if (mode == Mode.BAR || (mode == Mode.AUTO && terminal.interactive())) {
      return new ProgressBar(terminal, out, nanos);
    }
    return new ProgressLines(out, nanos);
  }
}
