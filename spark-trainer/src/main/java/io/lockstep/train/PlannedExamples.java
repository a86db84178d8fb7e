package io.lockstep.train;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.ExampleSource;
import io.lockstep.data.IndexRange;
import io.lockstep.data.Shards;
import io.lockstep.data.Split;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The examples that a plan names, once it is known how many there are.
 *
 * <p>The split is drawn anew where it is needed: it follows from four numbers, and the positions of
 * millions of examples need not travel.
 *
 * @param source of the training and validation parts
 * @param examples in it
 * @param validation fraction held out
 * @param seed of the plan
 * @param replicas of the plan
 * @param test source of the test part, if any
 * @param testExamples in it
 */
record PlannedExamples(
    ExampleSource source,
    int examples,
    double validation,
    long seed,
    int replicas,
    ExampleSource test,
    int testExamples)
    implements Examples {
  private static final long serialVersionUID = 1L;

  /** Which examples are trained, and which are held out. */
  Split split() {
    return Split.of(examples, validation, seed);
  }

  @Override
  public int count(Part part) {
    return switch (part) {
      case TRAINING -> split().training().length;
      case VALIDATION -> split().validation().length;
      case TEST -> testExamples;
    };
  }

  @Override
  public ExampleBlock read(Configuration hadoop, Part part, int k) throws IOException {
    return switch (part) {
      case TRAINING -> source.read(hadoop, split().shard(replicas, k));
      case VALIDATION -> source.read(hadoop, piece(split().validation(), k));
      case TEST -> test.read(hadoop, piece(IntStream.range(0, testExamples).toArray(), k));
    };
  }

  private int[] piece(int[] positions, int k) {
    IndexRange range = Shards.range(positions.length, replicas, k);
    return Arrays.copyOfRange(positions, range.from(), range.to());
  }
}
