package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** A plain line every ten seconds and at each epoch's end, for files and pipes. */
final class ProgressLines implements Progress {
  private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

  private final PrintWriter out;
  private final Pace pace;
  private long printed;

  ProgressLines(PrintWriter out, LongSupplier nanos) {
    this.out = out;
    this.pace = new Pace(nanos);
    this.printed = pace.now();
  }

  @Override
  public void loading(String doing, double share) {
    if (pace.now() - printed >= NANOS_BETWEEN_LINES) {
      note("%s: %.0f%%".formatted(doing, Math.floor(100 * share)));
      printed = pace.now();
    }
  }

  @Override
  public void begin(Extent extent) {
    pace.begin(extent);
    printed = pace.now();
  }

  @Override
  public void round(long done, double loss) {
    pace.round(done, loss);
    if (pace.isEpochEnd() || pace.now() - printed >= NANOS_BETWEEN_LINES) {
      note(
          String.join(
              "  ",
              pace.epochText(),
              pace.percentText(),
              pace.rateText("examples/s"),
              pace.lossText(),
              pace.remainingText()));
      printed = pace.now();
    }
  }

  @Override
  public void evaluated(String title, EvaluationResult result) {
    pace.evaluated(result);
    note(title + "  " + ResultTable.line(result));
  }

  @Override
  public void note(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
