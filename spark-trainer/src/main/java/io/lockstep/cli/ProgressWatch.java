package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;
import io.lockstep.train.Part;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.TrainingWatch;
import java.util.Locale;

/** Shows a run on the terminal. */
record ProgressWatch(PreparedRun run, Progress progress) implements TrainingWatch {
  @Override
  public void began(Position from) {
    if (from.round() > 0) {
      progress.note(
          "going on in epoch %d of %d, after round %d"
              .formatted(from.epoch() + 1, run.plan().training().epochs(), from.round()));
    }
    progress.begin(
        new Progress.Extent(
            run.plan().training().epochs(), run.split().training().length, from.examples()));
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
