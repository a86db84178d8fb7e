package io.lockstep.model;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J's two network classes have in common for a replica, and name differently. */
interface Network {
  /** The network itself. */
  Model model();

  /** The optimizer with its state. */
  BaseMultiLayerUpdater<?> updater();

  /**
   * The optimizer's state; null if there is none, or no optimizer since nothing was trained yet.
   */
  INDArray stateSoFar();

  /** Whatever has parameters, in the order of the flat vector. */
  List<Part> parts();

  /** The flat gradient, {@code [1, parameters]}, that updates are made from. */
  INDArray gradients();

  /** Sets what schedules and Adam count. */
  void counters(int iteration, int epoch);

  /** Optimizer steps taken. */
  int iteration();

  /** Epochs counted. */
  int epoch();

  /** The configuration as DL4J's own JSON. */
  String json();

  /** One optimizer step. */
  void fit(NetworkBatch batch);

  /** Leaves the summed gradient in {@link #gradients} and the score in the model. */
  void backpropagate(NetworkBatch batch);

  /** The forward pass as in use: what each output puts out. */
  INDArray[] outputs(NetworkBatch batch);

  /** The layer of each output, which has its loss. */
  List<Layer> last();

  /** Names of the inputs in the order in which the network takes them; empty if it has one. */
  default List<String> inputNames() {
    return List.of();
  }

  /** Names of the outputs in the order in which the network has them; empty if it has one. */
  default List<String> outputNames() {
    return List.of();
  }

  /** What L1 and L2 add to the loss. */
  double regularization();

  /** The loss as in use, regularisation included, by a forward pass of its own. */
  double score(NetworkBatch batch);

  /** Values that output {@code i} has for an example, or for a time step. */
  int outputWidth(int i);

  /**
   * A layer or vertex with parameters.
   *
   * @param key prefix of its entries in DL4J's gradient maps
   */
  record Part(String key, Trainable trainable) {}
}
