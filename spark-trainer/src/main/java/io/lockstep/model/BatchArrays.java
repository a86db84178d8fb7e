package io.lockstep.model;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies minibatches into native arrays as a network wants them. This is the edge at which class
 * ids become one-hot rows, and nowhere before; a network with a single output for two classes gets
 * the class itself. Not thread-safe.
 */
final class BatchArrays implements AutoCloseable {
  private final Network network;
  private final List<InputBuffers> buffers = new ArrayList<>();
  private float[] scratch = new float[0];

  BatchArrays(Network network) {
    this.network = network;
  }

  /** Native arrays with the content of {@code batch}; valid until the next call. */
  NetworkBatch of(Minibatch batch) {
    List<Tensor> given = inOrderOf(network.inputNames(), batch.inputs());
    List<Tensor> wanted =
        batch.labels().isEmpty()
            ? List.of() // only outputs are asked for
            : inOrderOf(network.outputNames(), batch.labels());
    int inputs = given.size();
    int outputs = wanted.size();
    INDArray[] features = new INDArray[inputs];
    INDArray[] featureMasks = new INDArray[inputs];
    for (int i = 0; i < inputs; i++) {
      Tensor tensor = given.get(i);
      features[i] = features(tensor, buffer(2 * i));
      featureMasks[i] = mask(tensor, buffer(2 * i + 1));
    }
    INDArray[] labels = new INDArray[outputs];
    INDArray[] labelMasks = new INDArray[outputs];
    for (int i = 0; i < outputs; i++) {
      Tensor tensor = wanted.get(i);
      labels[i] = labels(tensor, network.outputWidth(i), buffer(2 * (inputs + i)));
      labelMasks[i] = mask(tensor, buffer(2 * (inputs + i) + 1));
    }
    return new NetworkBatch(
        features, labels, orNull(featureMasks), orNull(labelMasks), weights(batch));
  }

  /** The tensors as the network has them, by their names; as they are if it has one. */
  private static List<Tensor> inOrderOf(List<String> names, List<Tensor> tensors) {
    if (names.isEmpty()) {
      return tensors;
    }
    return names.stream().map(name -> tensors.get(position(name, tensors))).toList();
  }

  /** Where the tensor of that name is. */
  static int position(String name, List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).field().name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no " + name + " among " + tensors);
  }

  /** Null where all are 1, so that these give the very bits of no weights. */
  private static float[] weights(Minibatch batch) {
    float[] weights = batch.weights();
    for (int i = 0; weights != null && i < batch.size(); i++) {
      if (weights[i] != 1f) {
        return Arrays.copyOf(weights, batch.size());
      }
    }
    return null;
  }

  private static INDArray[] orNull(INDArray[] masks) {
    return Arrays.stream(masks).allMatch(mask -> mask == null) ? null : masks;
  }

  private InputBuffers buffer(int number) {
    while (buffers.size() <= number) {
      buffers.add(new InputBuffers());
    }
    return buffers.get(number);
  }

  private INDArray features(Tensor tensor, InputBuffers buffer) {
    boolean sequencesOfOneLength =
        !tensor.field().sequence() && !tensor.hasIds() && tensor.shape().length == 3;
    return sequencesOfOneLength
        ? timeLast(tensor, buffer)
        : buffer.filled(values(tensor), shape(tensor));
  }

  /**
   * Of {@code [batch, time, features]}, as they are stored, DL4J's {@code [.., features, time]}.
   */
  private INDArray timeLast(Tensor tensor, InputBuffers buffer) {
    int batch = tensor.shape()[0];
    int time = tensor.shape()[1];
    int features = tensor.shape()[2];
    float[] from = tensor.floats();
    float[] values = roomy(tensor.length());
    for (int i = 0, at = 0; i < batch; i++) {
      for (int step = 0; step < time; step++) {
        for (int j = 0; j < features; j++) {
          values[(i * features + j) * time + step] = from[at++];
        }
      }
    }
    return buffer.filled(values, batch, features, time);
  }

  /**
   * A single value per example is a row of one, as DL4J has it, and one per time step a sequence of
   * such rows; but ids need no rows.
   */
  private static long[] shape(Tensor tensor) {
    long[] shape = IntStream.of(tensor.shape()).asLongStream().toArray();
    if (shape.length == 1) {
      return new long[] {shape[0], 1};
    }
    boolean series = tensor.field().sequence() && shape.length == 2 && !tensor.hasIds();
    return series ? new long[] {shape[0], 1, shape[1]} : shape;
  }

  private float[] values(Tensor tensor) {
    if (!tensor.hasIds()) {
      return tensor.floats();
    }
    float[] values = roomy(tensor.length());
    for (int i = 0; i < tensor.length(); i++) {
      values[i] = tensor.ints()[i];
    }
    return values;
  }

  private float[] roomy(int length) {
    scratch = scratch.length >= length ? scratch : new float[length];
    return scratch;
  }

  private INDArray labels(Tensor tensor, int width, InputBuffers buffer) {
    if (!tensor.hasIds()) {
      return buffer.filled(tensor.floats(), shape(tensor));
    }
    int batch = tensor.shape()[0];
    int time = tensor.time();
    long[] shape =
        tensor.field().sequence() ? new long[] {batch, width, time} : new long[] {batch, width};
    int length = Math.multiplyExact(Math.multiplyExact(batch, width), time);
    // Where the next example and the next class lie. Sequences lie step after step: so the layers
    // compute with them.
    int next = tensor.field().sequence() ? 1 : width;
    int nextClass = tensor.field().sequence() ? batch : 1;
    float[] rows = roomy(length);
    Arrays.fill(rows, 0, length, 0f);
    for (int i = 0; i < batch; i++) {
      for (int step = 0; step < time; step++) {
        int id = tensor.ints()[i * time + step];
        int at = step * width * batch + i * next;
        if (width == 1) {
          rows[at] = id;
        } else {
          rows[at + id * nextClass] = 1f;
        }
      }
    }
    return buffer.filled(tensor.field().sequence() ? 'f' : 'c', rows, shape);
  }

  /** Null if there is none; of a single time step that is there, DL4J takes none. */
  private static INDArray mask(Tensor tensor, InputBuffers buffer) {
    float[] mask = tensor.mask();
    int batch = tensor.shape()[0];
    if (mask == null || (batch == 1 && tensor.time() == 1 && mask[0] == 1f)) {
      return null;
    }
    return buffer.filled(mask, batch, tensor.time());
  }

  @Override
  public void close() {
    buffers.forEach(InputBuffers::close);
  }
}
