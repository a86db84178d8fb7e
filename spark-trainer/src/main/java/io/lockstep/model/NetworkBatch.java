package io.lockstep.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A minibatch as DL4J takes it: an array per input and output, and masks where there are sequences.
 * Masks are null as a whole, or hold null where a field has none.
 *
 * @param features of each input
 * @param labels of each output, one-hot where the network has an output per class
 * @param featureMasks of each input, {@code [batch, time]}
 * @param labelMasks of each output, {@code [batch, time]}
 * @param weights of the examples, {@code [batch]}; null if all count alike
 */
@SuppressWarnings("ArrayRecordComponent") // native arrays, compared by nobody
record NetworkBatch(
    INDArray[] features,
    INDArray[] labels,
    INDArray[] featureMasks,
    INDArray[] labelMasks,
    float[] weights) {
  /** The mask of the only input, or null. */
  INDArray featureMask() {
    return featureMasks == null ? null : featureMasks[0];
  }

  /** The mask of the only output, or null. */
  INDArray labelMask() {
    return labelMasks == null ? null : labelMasks[0];
  }
}
