package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A bar in the last line of a terminal, drawn again at most ten times per second. */
final class ProgressBar implements Progress {
  private static final long NANOS_BETWEEN_DRAWS = 100_000_000;
  private static final int MIN_BAR = 8;
  private static final int MAX_BAR = 40;

  /** To the begin of the line, and clear it. */
  private static final String CLEAR = "\r\033[K";

  private final Terminal terminal;
  private final PrintWriter out;
  private final Pace pace;
  private long drawn;
  private boolean visible;

  /** The line while data is read; empty once that is over. */
  private String loading = "";

  ProgressBar(Terminal terminal, PrintWriter out, LongSupplier nanos) {
    this.terminal = terminal;
    this.out = out;
    this.pace = new Pace(nanos);
  }

  @Override
  public void loading(String doing, double share) {
    if (share >= 1) {
      loading = "";
      erase();
    } else if (pace.now() - drawn >= NANOS_BETWEEN_DRAWS) {
      loading = line(doing + " ", share, List.of(Pace.percent(share)));
      draw();
    }
    out.flush();
  }

  @Override
  public void begin(Extent extent) {
    loading = "";
    pace.begin(extent);
    draw();
  }

  @Override
  public void round(long done, double loss) {
    pace.round(done, loss);
    if (pace.isEpochEnd() || pace.now() - drawn >= NANOS_BETWEEN_DRAWS) {
      draw();
    }
  }

  @Override
  public void evaluated(String title, EvaluationResult result) {
    pace.evaluated(result);
    note(title + "  " + ResultTable.line(result));
  }

  @Override
  public void note(String line) {
    boolean again = visible;
    erase();
    out.println(line);
    if (again) {
      draw();
    }
    out.flush();
  }

  @Override
  public void close() {
    if (visible) {
      out.print(CLEAR + line());
      out.println();
      visible = false;
    }
    out.flush();
  }

  private void erase() {
    if (visible) {
      out.print(CLEAR);
      visible = false;
    }
  }

  private void draw() {
    out.print(CLEAR + line());
    out.flush();
    visible = true;
    drawn = pace.now();
  }

  private String line() {
    if (!loading.isEmpty()) {
      return loading;
    }
    List<String> right = new ArrayList<>();
    right.add(pace.percentText());
    right.add(pace.rateText("ex/s"));
    right.add(pace.lossText());
    pace.accuracyText().ifPresent(right::add);
    right.add(pace.remainingText());
    return line(pace.epochText() + " ", pace.share(), right);
  }

  /** The line, at most one less than the terminal's columns: some wrap when the last is used. */
  private String line(String what, double share, List<String> texts) {
    List<String> right = new ArrayList<>(texts);
    int columns = terminal.columns() - 1;
    String left = what.length() > columns / 2 ? what.substring(0, columns / 2) + " " : what;
    int room = columns - left.length();
    String text = "  " + String.join("  ", right);
    // What matters least goes first when the terminal is narrow.
    while (room - text.length() < MIN_BAR && right.size() > 1) {
      right.remove(right.size() > 2 ? 1 : right.size() - 1);
      text = "  " + String.join("  ", right);
    }
    int width = Math.max(0, Math.min(MAX_BAR, room - text.length()));
    return left + bar(width, share) + text;
  }

  private String bar(int width, double share) {
    int filled = (int) Math.floor(width * Math.min(1, Math.max(0, share)));
    if (terminal.unicode()) {
      String rest = "─".repeat(width - filled);
      return "━".repeat(filled) + rest;
    }
    if (filled == width) {
      return "=".repeat(width);
    }
    return "=".repeat(filled) + ">" + "-".repeat(width - filled - 1);
  }
}
