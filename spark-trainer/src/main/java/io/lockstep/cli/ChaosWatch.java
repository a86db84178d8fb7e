package io.lockstep.cli;

import io.lockstep.app.ChaosFault;
import io.lockstep.app.ChaosListener;
import io.lockstep.app.TrainingOutline;
import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;
import java.util.function.Supplier;

/** Shows both runs of a trial, and each fault as it happens. Thread-safe, as progress is not. */
final class ChaosWatch implements ChaosListener, AutoCloseable {
  private final Supplier<Progress> opening;
  private Progress progress;
  private ProgressWatch run;

  /**
   * A watch that shows what it sees.
   *
   * @param opening gives each run a progress of its own
   */
  ChaosWatch(Supplier<Progress> opening) {
    this.opening = opening;
    begin();
  }

  private void begin() {
    progress = opening.get();
    run = new ProgressWatch(progress, () -> {});
  }

  @Override
  public synchronized void undisturbed(String directory) {
    progress.note("first undisturbed, in " + directory);
  }

  @Override
  public synchronized void disturbed(String directory, int faults) {
    progress.close();
    begin();
    progress.note("now with %d faults, in %s".formatted(faults, directory));
  }

  @Override
  public synchronized void fault(ChaosFault fault, long round, String where) {
    progress.note("fault in round %d: %s (%s)".formatted(round + 1, fault.meaning(), where));
  }

  @Override
  public synchronized void reading(String source) {
    run.reading(source);
  }

  @Override
  public synchronized void loading(String doing, double share) {
    run.loading(doing, share);
  }

  @Override
  public synchronized void prepared(TrainingOutline outline) {
    run.prepared(outline);
  }

  @Override
  public synchronized void began(Position from) {
    run.began(from);
  }

  @Override
  public synchronized void round(Position next, double loss) {
    run.round(next, loss);
  }

  @Override
  public synchronized void evaluated(int epoch, Part part, EvaluationResult result) {
    run.evaluated(epoch, part, result);
  }

  @Override
  public synchronized void note(String line) {
    run.note(line);
  }

  @Override
  public synchronized void close() {
    progress.close();
  }
}
