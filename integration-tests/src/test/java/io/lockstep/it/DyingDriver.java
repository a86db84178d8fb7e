package io.lockstep.it;

import io.lockstep.app.TrainingListener;
import io.lockstep.run.Position;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A driver that dies in the middle of an epoch, as by {@code kill -9}: nothing is closed, nothing
 * is flushed. A signal from outside would meet it anywhere.
 */
final class DyingDriver {
  /** What {@code kill -9} leaves. */
  static final int EXIT_CODE = 128 + 9;

  private DyingDriver() {}

  /** Trains {@code WRITINGS FOLDER RUN} on two cores until it dies. */
  public static void main(String[] args) throws Exception {
    try (JavaSparkContext spark = Sessions.open("local[2]")) {
      Writings.valueOf(args[0])
          .train(Path.of(args[1]), args[2])
          .spark(spark)
          .listener(inMidEpoch(() -> Runtime.getRuntime().halt(EXIT_CODE)))
          .run();
    }
  }

  /** Does something once, when the first epoch is half over and past its checkpoint. */
  static TrainingListener inMidEpoch(Runnable act) {
    return new TrainingListener() {
      @Override
      public void round(Position next, double loss) {
        if (next.epoch() == 0 && next.roundInEpoch() == 3) {
          act.run();
        }
      }
    };
  }
}
