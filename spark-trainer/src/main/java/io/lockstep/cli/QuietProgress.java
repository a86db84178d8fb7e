package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import java.io.PrintWriter;

/** Prints notes and evaluations only. */
final class QuietProgress implements Progress {
  private final PrintWriter out;

  QuietProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void loading(String doing, double share) {}

  @Override
  public void begin(Extent extent) {}

  @Override
  public void round(long done, double loss) {}

  @Override
  public void evaluated(String title, EvaluationResult result) {
    note(title + "  " + ResultTable.line(result));
  }

  @Override
  public void note(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {}
}
