package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Plain lines for files and pipes: every ten seconds, at each epoch's end, and when a step of
 * reading the data has taken two seconds.
 */
final class ProgressLines implements Progress {
  private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

  private static final long NANOS_WORTH_A_LINE = 2_000_000_000L;

  private final PrintWriter out;
  private final Pace pace;
  private long printed;

  /** The step of reading the data that is under way, and when it is shown. */
  private String step = "";

  private long due;

  ProgressLines(PrintWriter out, LongSupplier nanos) {
    this.out = out;
    this.pace = new Pace(nanos);
    this.printed = pace.now();
  }

  @Override
  public void loading(String doing, double share) {
    if (!doing.equals(step)) {
      step = doing;
      due = pace.now() + NANOS_WORTH_A_LINE;
    }
    if (pace.now() >= due && share < 1) {
      note("%s: %.0f%%".formatted(doing, Math.floor(100 * share)));
      due = pace.now() + NANOS_BETWEEN_LINES;
    }
  }

  @Override
  public void begin(Extent extent) {
    pace.begin(extent);
    note("training begins; the first round also loads natives and networks");
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
