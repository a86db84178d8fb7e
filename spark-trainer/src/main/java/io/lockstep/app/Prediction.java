package io.lockstep.app;

import io.lockstep.app.Sizing.Forecast;
import io.lockstep.run.Position;
import io.lockstep.run.RunEvent;
import io.lockstep.train.EpochSchedule;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.RoundCost;
import io.lockstep.train.RoundPace;
import io.lockstep.train.RunSize;
import io.lockstep.train.StepTime;
import io.lockstep.train.Workers;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code lockstep plan} would say of an epoch of a run, beside what one took: so that users
 * learn how far they may trust it.
 */
final class Prediction {
  /** Share of a run's time that may be spent on it. */
  private static final double LITTLE = 0.02;

  private static final double MOST_SECONDS = 1;

  /** Steps that are taken at least, and some to warm up. */
  private static final int STEPS = 4;

  /** A driver that trains nothing itself has no room for a larger network. */
  private static final long MOST_NATIVE_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Prediction.class);

  private Prediction() {}

  /**
   * Measures some steps on this machine, unless the run was too short for that, or its network is
   * too large for this driver.
   *
   * @param pace of its rounds, if it was measured
   * @param end of the run
   */
  static Optional<RunEvent.Predicted> of(
      PreparedRun run, Workers workers, Optional<RoundPace> pace, Position end) {
    RunSize size = run.size();
    EpochSchedule schedule = run.workload().steps().schedule();
    int cores = Math.max(1, workers.executors()) * workers.cores();
    double rounds = end.round() == 0 ? 0 : end.seconds() / end.round();
    int turns = Forecast.turns(size, cores);
    double step = rounds / turns / run.plan().training().localSteps();
    double may = LITTLE * end.seconds();
    boolean cluster = workers.executors() > 0;
    if (STEPS * step > may || (cluster && size.nativeBytes() > MOST_NATIVE_BYTES)) {
      return Optional.empty();
    }
    StepTime measured;
    try {
      measured = StepTime.measure(run, Math.min(MOST_SECONDS, may), System::nanoTime);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.info("no steps could be measured: there is no prediction", e); // the run has a model
      return Optional.empty();
    }
    var forecast = new Forecast(size, schedule, measured.seconds(), RoundCost.USUAL);
    return Optional.of(
        new RunEvent.Predicted(
            workers.described(),
            measured.seconds(),
            forecast.at(workers).epochSeconds(),
            pace.map(RoundPace::seconds).orElse(rounds) * schedule.rounds()));
  }
}
