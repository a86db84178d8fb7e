package io.lockstep.score;

import io.lockstep.data.Labels;
import java.io.Serializable;
import java.util.List;

/**
 * What a network puts out, as it showed when it was asked.
 *
 * @param labels that it was taught
 * @param widths values of a row of each output
 * @param perStep of each output, whether it has a row for each time step
 * @param losses whether the loss of an example is known of all of them
 * @param threshold above which the output for the second of two classes is a yes; NaN for the
 *     usual: the highest output, or one half
 */
public record Outputs(
    Labels labels, List<Integer> widths, List<Boolean> perStep, boolean losses, float threshold)
    implements Serializable {
  /** Of a model that decides as usual. */
  public Outputs(Labels labels, List<Integer> widths, List<Boolean> perStep, boolean losses) {
    this(labels, widths, perStep, losses, Float.NaN);
  }

  public Outputs {
    widths = List.copyOf(widths);
    perStep = List.copyOf(perStep);
  }

  /** Names of several outputs; empty if there is one. */
  public List<String> names() {
    return labels instanceof Labels.Several ? labels.names() : List.of();
  }
}
