package io.lockstep.model.layer;

import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A layer that knows all about itself: what it makes of its input, and its DL4J layer. */
public interface NetworkLayer extends LayerPlan {
  /** A plan's layer. */
  static NetworkLayer of(LayerPlan plan) {
    if (plan instanceof NetworkLayer layer) {
      return layer;
    }
    throw new IllegalArgumentException(
        plan.getClass().getName() + " must be a NetworkLayer, so that a network can be made of it");
  }

  /** The layer's word in a plan; the record's name unless it says otherwise. */
  default String word() {
    String name = getClass().getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /**
   * The shape that the layer makes of {@code input}.
   *
   * @throws Unfit if it cannot
   */
  FeatureShape output(FeatureShape input);

  /**
   * The DL4J layer.
   *
   * @return empty if the layer only reshapes: what follows gets its input as rows
   */
  Optional<Layer> build(LayerContext context);

  /** Whether it takes ids of tokens, which are no numbers. */
  default boolean takesTokens() {
    return false;
  }

  /** Number of different ids that it takes of a row; empty if what it takes are numbers. */
  default OptionalInt ids() {
    return OptionalInt.empty();
  }

  /** What all features of a time step have that is left out; empty to leave out none. */
  default OptionalDouble masked() {
    return OptionalDouble.empty();
  }

  /** Whether DL4J's layer is given the time steps of a sequence one by one, each as a row. */
  default boolean perStep() {
    return false;
  }

  /** Whether a time step is made of others too, which must be zero where there are none. */
  default boolean looksAround() {
    return false;
  }

  /**
   * How to do without what makes a time step of later ones, if the layer does so.
   *
   * @return the remedy, to follow a semicolon; empty if no step sees a later one
   */
  default Optional<String> looksAhead() {
    return looksAround() ? Optional.of("take it out") : Optional.empty();
  }

  /** Whether it takes the last time step first, and puts out what it makes of it first. */
  default boolean goBackwards() {
    return false;
  }

  /** Whether each time step is put out, of layers that may also put out the last one alone. */
  default Optional<Boolean> returnsSequences() {
    return Optional.empty();
  }

  /**
   * The same layer as the last one of a network, which leaves it to the data how many outputs there
   * are; itself if it does not.
   *
   * @param outputs as many as there are classes, targets or tokens
   */
  default NetworkLayer withOutputs(int outputs) {
    return this;
  }

  /** The same layer that ends in {@code last}; itself if it cannot. */
  default NetworkLayer withActivation(ActivationPlan last) {
    return this;
  }

  /** What the layer's outputs go through at last. */
  default ActivationPlan activation() {
    return ActivationPlan.Plain.LINEAR;
  }

  /** Whether the layer is an activation and nothing else, which another layer can take over. */
  default boolean isActivation() {
    return false;
  }

  /**
   * The DL4J layer that is this one, an activation and the network's loss at once.
   *
   * @return empty if DL4J has none, so that a layer for the loss must follow
   */
  default Optional<Layer> buildOutput(
      LayerContext context, ActivationPlan activation, ILossFunction loss) {
    return Optional.empty();
  }
}
