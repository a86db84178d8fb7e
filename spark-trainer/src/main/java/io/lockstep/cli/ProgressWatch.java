package io.lockstep.cli;

import io.lockstep.app.TrainingListener;
import io.lockstep.app.TrainingOutline;
import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.TrainingPlan;
import io.lockstep.run.Position;
import java.util.Locale;

/** Shows a run on the terminal. Not thread-safe. */
final class ProgressWatch implements TrainingListener {
  private final Progress progress;
  private final Runnable onPrepared;
  private TrainingOutline outline;

  /**
   * A watch that shows what it sees.
   *
   * @param onPrepared run before anything is written
   */
  ProgressWatch(Progress progress, Runnable onPrepared) {
    this.progress = progress;
    this.onPrepared = onPrepared;
  }

  @Override
  public void reading(String source) {
    progress.note("reading " + source);
  }

  @Override
  public void loading(String doing, double share) {
    progress.loading(doing, share);
  }

  @Override
  public void prepared(TrainingOutline prepared) {
    onPrepared.run();
    outline = prepared;
    TrainingPlan training = prepared.plan().training();
    progress.note(
        String.format(
            Locale.ROOT,
            "%s: %,d examples, %d replicas x batch %d, %s, %d epochs -> %s",
            prepared.plan().name(),
            prepared.trained(),
            training.replicas(),
            training.batch(),
            switch (training.mode()) {
              case AVERAGING -> "averaged every " + training.localSteps() + " steps";
              case GRADIENT -> "averaged gradients";
            },
            training.epochs(),
            prepared.directory()));
    progress.note(data(prepared));
    prepared.objectives().forEach(it -> progress.note("  " + it.described()));
  }

  private static String data(TrainingOutline prepared) {
    String text =
        String.format(
            Locale.ROOT,
            "  data %,d train, %,d validation, %,d test",
            prepared.trained(),
            prepared.validation(),
            prepared.test());
    return prepared.vocabulary().isPresent()
        ? text + String.format(Locale.ROOT, "; vocabulary %,d", prepared.vocabulary().getAsInt())
        : text;
  }

  @Override
  public void began(Position from) {
    int epochs = outline.plan().training().epochs();
    if (from.round() > 0) {
      progress.note(
          "going on in epoch %d of %d, after round %d"
              .formatted(from.epoch() + 1, epochs, from.round()));
    }
    progress.begin(new Progress.Extent(epochs, outline.trained(), from.examples()));
  }

  @Override
  public void round(Position next, double loss) {
    progress.round(next.examples(), loss);
  }

  @Override
  public void evaluated(int epoch, Part part, EvaluationResult result) {
    String title = part.name().toLowerCase(Locale.ROOT);
    progress.evaluated("epoch " + (epoch + 1) + " " + title, result);
  }

  @Override
  public void note(String line) {
    progress.note(line);
  }
}
