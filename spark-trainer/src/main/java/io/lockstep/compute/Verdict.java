package io.lockstep.compute;

import org.deeplearning4j.nn.api.Layer;

/** What became of one layer. */
sealed interface Verdict {
  /**
   * The layer is faster now.
   *
   * @param layer the runtime layer to use from now on
   * @param kernel what computes it, in a few words for the user
   */
  record Accelerated(Layer layer, String kernel) implements Verdict {}

  /**
   * The layer was left alone.
   *
   * @param reason why the layer stays DL4J's, in a few words for the user
   */
  record Stock(String reason) implements Verdict {}
}
