package io.lockstep.train;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.TrainingPlan.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * 12 x 12 images of 4 classes: quick to learn, never trivial.
 *
 * @param training examples
 * @param validation examples held out
 */
public record Digits(int training, int validation, int replicas) {
  /** A trial with these images. */
  public Trial trial(Mode mode, int batch, int localSteps, ReplicaFactory networks) {
    var source = new MadeUp(MadeUp.Kind.DIGITS, training + validation);
    return new Trial(source.request(validation, replicas), mode, batch, localSteps, networks);
  }

  /** Images whose ids are {@code first} and the numbers after it. */
  public static Block block(long first, int size) {
    return MadeUp.block(MadeUp.Kind.DIGITS, first, size);
  }

  /** The rows of a block as one minibatch of its own. */
  public static Minibatch minibatch(Block block, int... rows) {
    long[] references = IntStream.of(rows).mapToLong(row -> Batcher.row(0, row)).toArray();
    return new Batcher(block.schema(), new Normalizer.PixelScaling())
        .assemble(List.of(block), references);
  }

  static INDArray features(Minibatch batch) {
    return array(batch.inputs().get(0).floats(), batch.size(), 1, 12, 12);
  }

  static INDArray labels(Minibatch batch) {
    Tensor classes = batch.labels().get(0);
    float[] rows = new float[batch.size() * 4];
    for (int i = 0; i < batch.size(); i++) {
      rows[i * 4 + classes.ints()[i]] = 1;
    }
    return array(rows, batch.size(), 4);
  }

  private static INDArray array(float[] values, int... shape) {
    int length = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return Nd4j.createFromArray(Arrays.copyOf(values, length)).reshape(shape);
  }
}
