package io.lockstep.train;

import io.lockstep.config.DataPlan.Normalization;
import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.data.Batcher;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.IndexRange;
import io.lockstep.data.Minibatch;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Shards;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.OuterOptimizer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * 12 x 12 images of 4 classes, a bright quarter each, with noise: quick to learn, never trivial.
 */
public record Digits(int training, int validation, int replicas) implements Examples {
  private static final long serialVersionUID = 1L;

  @Override
  public int count(Part part) {
    return part == Part.TRAINING ? training : validation;
  }

  @Override
  public ExampleBlock read(Configuration hadoop, Part part, int k) {
    IndexRange range = Shards.range(count(part), replicas, k);
    return block(range.from() + (part == Part.TRAINING ? 0 : 1_000_000), range.size());
  }

  public static ExampleBlock block(int firstId, int size) {
    byte[] pixels = new byte[size * 144];
    int[] classes = new int[size];
    for (int i = 0; i < size; i++) {
      var random = new SplittableRandom(firstId + i);
      classes[i] = random.nextInt(4);
      for (int p = 0; p < 144; p++) {
        int quarter = (p / 12 / 6) * 2 + p % 12 / 6;
        int light = random.nextInt(100) + (quarter == classes[i] ? random.nextInt(156) : 0);
        pixels[i * 144 + p] = (byte) light;
      }
    }
    return ExampleBlock.ofClasses(
        IntStream.range(firstId, firstId + size).toArray(),
        ExampleBlock.Features.uint8(new int[] {1, 12, 12}, pixels),
        classes,
        4);
  }

  /** A workload over these images. */
  public Workload workload(Mode mode, int batch, int localSteps, ReplicaFactory networks) {
    return new Workload(
        new LocalSteps(42, mode, new EpochSchedule(training, replicas, batch, localSteps)),
        OuterOptimizer.PLAIN,
        networks,
        this,
        Normalization.SCALE,
        new EvaluationSpec(Task.CLASSIFICATION, 4),
        32);
  }

  /** The rows of a block as one minibatch of its own. */
  public static Minibatch minibatch(ExampleBlock block, int... rows) {
    return new Batcher(block, new Normalizer.PixelScaling(), 4).assemble(rows);
  }

  static INDArray features(Minibatch batch) {
    return array(batch.features(), batch.size(), 1, 12, 12);
  }

  static INDArray labels(Minibatch batch) {
    return array(batch.labels(), batch.size(), 4);
  }

  private static INDArray array(float[] values, int... shape) {
    int length = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return Nd4j.createFromArray(java.util.Arrays.copyOf(values, length)).reshape(shape);
  }
}
