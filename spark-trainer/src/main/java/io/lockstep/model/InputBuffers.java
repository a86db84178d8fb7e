package io.lockstep.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Native arrays that one field of minibatches is copied into, one for each shape used lately: the
 * full minibatch, the short last one, the one of evaluation. Native memory is allocated once for
 * them, not per step; sequences, which have more shapes than can be kept, get along with a few.
 */
final class InputBuffers implements AutoCloseable {
  private static final int KEPT = 6;

  private final Map<List<Long>, INDArray> byShape = new LinkedHashMap<>(16, 0.75f, true);

  /** As below, in {@code 'c'} order. */
  INDArray filled(float[] values, long... shape) {
    return filled('c', values, shape);
  }

  /**
   * An array of {@code shape} whose memory has the beginning of {@code values}; valid until the
   * next call.
   *
   * @param order of the dimensions in memory, the same in all calls
   */
  INDArray filled(char order, float[] values, long... shape) {
    List<Long> key = LongStream.of(shape).boxed().toList();
    INDArray array = byShape.computeIfAbsent(key, k -> allocate(order, shape));
    if (byShape.size() > KEPT) {
      var eldest = byShape.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    Floats.write(values, array);
    return array;
  }

  private static INDArray allocate(char order, long[] shape) {
    return Nd4j.createUninitializedDetached(
        DataType.FLOAT, order, Arrays.copyOf(shape, shape.length));
  }

  @Override
  public void close() {
    byShape.values().forEach(INDArray::close);
    byShape.clear();
  }
}
