package io.lockstep.train;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Field;
import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import io.lockstep.model.Replica;
import io.lockstep.plan.TrainingPlan.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a step of a run takes on this machine, alone on one core: the run's own network and kernels
 * train made-up examples of the data's shapes and mean length.
 *
 * @param seconds of a step, the median
 * @param steps that were measured
 */
public record StepTime(double seconds, int steps) {
  /** So many steps are taken, however slow they are: the first are not measured. */
  private static final int LEAST_STEPS = 3;

  private static final int MOST_STEPS = 10_000;

  /**
   * Trains for about {@code seconds}, a third of it only to warm up.
   *
   * @param nanoClock such as {@link System#nanoTime}
   */
  public static StepTime measure(PreparedRun run, double seconds, LongSupplier nanoClock) {
    boolean averaging = run.plan().training().mode() == Mode.AVERAGING;
    Minibatch batch =
        run.data().feeding().batcher().assemble(madeUp(run), 0, run.plan().training().batch());
    try (Replica network = run.workload().networks().create()) {
      float[] gradient = new float[averaging ? 0 : network.parameters()];
      double[] taken = new double[MOST_STEPS];
      int steps = 0;
      int warm = 0;
      long begin = nanoClock.getAsLong();
      double elapsed = 0;
      while (steps < LEAST_STEPS || (elapsed < seconds && steps < MOST_STEPS)) {
        long start = nanoClock.getAsLong();
        if (averaging) {
          network.fit(batch, steps);
        } else {
          network.gradient(batch, steps, gradient);
        }
        long end = nanoClock.getAsLong();
        taken[steps++] = (end - start) / 1e9;
        elapsed = (end - begin) / 1e9;
        if (elapsed < seconds / 3 && steps < LEAST_STEPS * MOST_STEPS / 4) {
          warm = steps;
        }
      }
      int from = Math.min(Math.max(1, warm), steps - 1);
      double[] measured = Arrays.copyOfRange(taken, from, steps);
      Arrays.sort(measured);
      return new StepTime(measured[measured.length / 2], measured.length);
    }
  }

  private static Block madeUp(PreparedRun run) {
    int steps = (int) Math.max(1, Math.round(run.data().settled().meanSteps()));
    int examples = run.plan().training().batch();
    var random = new SplitMix64(Seeds.derive(Seeds.Purpose.STEP, run.plan().seed()));
    var builder = new BlockBuilder(run.data().schema(), examples);
    List<Field> fields = run.data().schema().fields();
    for (int example = 0; example < examples; example++) {
      builder.begin(example);
      for (int column = 0; column < fields.size(); column++) {
        Field field = fields.get(column);
        int count = field.width() * (field.sequence() ? steps : 1);
        switch (field.type()) {
          case UINT8 -> builder.put(column, bytes(random, count), 0, count);
          case INT32 -> builder.put(column, new int[count], 0, count); // an id that there is
          case FLOAT32 -> builder.put(column, floats(random, count), 0, count);
          case FLOAT64 -> throw new IllegalArgumentException("not prepared: " + field);
        }
      }
      builder.end();
    }
    return builder.build();
  }

  private static byte[] bytes(SplitMix64 random, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) random.nextLong();
    }
    return bytes;
  }

  private static float[] floats(SplitMix64 random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (random.nextLong() >>> 40) / (float) (1 << 24);
    }
    return floats;
  }
}
