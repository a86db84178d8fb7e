package io.lockstep.data.batch;

import java.util.List;

/**
 * Examples laid out for one step: a tensor for each input and label, in the schema's order.
 *
 * @param size number of examples, at least 1
 * @param inputs what the network is given
 * @param labels what it is to learn; classes as ids
 * @param references what only measuring asks for
 * @param weights of the examples, {@code [batch]}, possibly longer; null if all count alike
 */
@SuppressWarnings("ArrayRecordComponent") // buffers, compared by nobody
public record Minibatch(
    int size, List<Tensor> inputs, List<Tensor> labels, List<Tensor> references, float[] weights) {
  public Minibatch {
    if (size < 1) {
      throw new IllegalArgumentException("a minibatch needs at least one example");
    }
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    references = List.copyOf(references);
  }

  /** Without references. */
  public Minibatch(int size, List<Tensor> inputs, List<Tensor> labels, float[] weights) {
    this(size, inputs, labels, List.of(), weights);
  }
}
