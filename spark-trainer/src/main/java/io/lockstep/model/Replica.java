package io.lockstep.model;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.ps.TrainingState;
import java.util.List;

/**
 * One logical worker's copy of the network, whatever its DL4J class.
 *
 * <p>All results are pure functions of the state loaded and the arguments: what was trained, scored
 * or loaded before leaves no trace. Not thread-safe: one replica belongs to one thread at a time.
 */
public interface Replica extends AutoCloseable {
  /** Number of parameters. */
  int parameters();

  /** Copies {@code state} into the network; a state without updater values leaves them zero. */
  void load(TrainingState state);

  /** Copies parameters, updater values and counters out of the network. */
  TrainingState state();

  /**
   * Takes one optimizer step on {@code batch} and advances the step counter.
   *
   * @param seed of every random number within the step (dropout)
   * @return the loss, the weighted sum over the examples divided by their number, plus
   *     regularisation, before the step
   */
  double fit(Minibatch batch, long seed);

  /**
   * Computes the gradient of the mean loss of {@code batch}, before clipping and regularisation,
   * and changes neither parameters nor counters.
   *
   * @param seed of every random number within the step (dropout)
   * @param gradient receives the gradient, {@code [parameters]}; statistics that DL4J updates
   *     through pseudo-gradients (batch normalisation) come as their mean step
   * @return the loss, as {@link #fit} has it
   */
  double gradient(Minibatch batch, long seed, float[] gradient);

  /** Takes one optimizer step with a gradient made by {@link #gradient}; advances the counter. */
  void apply(float[] gradient);

  /** Sets the epoch that schedules see, counted from 0. */
  void epoch(int epoch);

  /**
   * Gives the network the recurrent state that its replica carries over from its last minibatch; to
   * be called after {@link #load}. Most networks carry nothing.
   *
   * @param carry as {@link #carry()} returned it, or empty for a beginning
   */
  default void carry(float[] carry) {
    if (carry.length > 0) {
      throw new IllegalArgumentException("this network carries nothing over");
    }
  }

  /** The recurrent state to be carried over to the next minibatch, empty if there is none. */
  default float[] carry() {
    return new float[0];
  }

  /** Runs the forward pass as in use, without dropout, and compares it with the labels. */
  Evaluated evaluate(Minibatch batch);

  /**
   * Runs the forward pass as in use, without dropout; labels are not looked at.
   *
   * @return what the first output puts out, {@code [batch, width]} row-major
   */
  default float[] output(Minibatch batch) {
    return outputs(batch).get(0);
  }

  /**
   * Runs the forward pass as in use, without dropout; labels are not looked at.
   *
   * @return what each output puts out, {@code [batch, width]} row-major, in the order in which
   *     {@code batch} has their labels
   */
  List<float[]> outputs(Minibatch batch);

  /**
   * A forward pass and what it was worth.
   *
   * @param outputs what each output put out, in the order in which the minibatch has their labels
   * @param loss of all outputs together, a mean over the examples, plus regularisation
   * @param weight what the loss was averaged over
   */
  record Evaluated(List<Output> outputs, double loss, double weight) {
    public Evaluated {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * What an output put out in a forward pass.
   *
   * @param rows examples, or time steps of all of them where the network puts something out at
   *     each; masked ones are left out
   * @param values {@code [rows, width]} row-major
   * @param labels one-hot classes, classes of a single output, or numbers, as {@code values}
   * @param weights of the rows' examples, {@code [rows]}; null if all count alike
   * @param loss of this output, a mean over the examples; NaN where it is known of all outputs
   *     together only
   */
  @SuppressWarnings("ArrayRecordComponent") // results, never compared
  record Output(int rows, float[] values, float[] labels, float[] weights, double loss) {}

  /**
   * Runs the forward pass as in use, and gives each example's part of what was put out.
   *
   * @param batch with or without labels
   * @param outputs names of the outputs in the order in which they are wanted; empty for the only
   *     one
   */
  List<Scored> score(Minibatch batch, List<String> outputs);

  /**
   * What an output put out, example by example.
   *
   * @param values {@code [rows, width]} row-major: a row for each example, or for each of its time
   *     steps where the network puts something out at each; masked ones are left out
   * @param width values of a row
   * @param starts first row of each example, and the number of rows: {@code [batch + 1]}
   * @param perStep whether rows are time steps
   * @param losses of each example, without regularisation and weights, summed over its time steps;
   *     empty without labels, or where only the network can tell them
   */
  @SuppressWarnings("ArrayRecordComponent") // results, never compared
  record Scored(float[] values, int width, int[] starts, boolean perStep, double[] losses) {}

  @Override
  void close();
}
