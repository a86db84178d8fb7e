package io.lockstep.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A small curve of characters, such as the loss over a run. */
final class TextPlot {
  private static final int HEIGHT = 8;
  private static final int MAX_WIDTH = 60;
  private static final int LABEL = 10;

  private TextPlot() {}

  /**
   * The curve of {@code values} over their positions, several lines.
   *
   * @param title above it
   * @param values in order; those that are not finite leave a gap
   * @param unit of the positions, such as {@code rounds}
   */
  static List<String> render(String title, double[] values, String unit, Terminal terminal) {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    if (finite.length < 2) {
      return List.of();
    }
    int width = Math.min(values.length, Math.min(MAX_WIDTH, terminal.columns() - LABEL - 4));
    double[] columns = new double[width];
    for (int column = 0; column < width; column++) {
      int from = (int) ((long) column * values.length / width);
      int to = (int) ((column + 1L) * values.length / width);
      columns[column] =
          Arrays.stream(values, from, to).filter(Double::isFinite).average().orElse(Double.NaN);
    }
    double low = Arrays.stream(columns).filter(Double::isFinite).min().orElseThrow();
    double high = Arrays.stream(columns).filter(Double::isFinite).max().orElseThrow();
    var lines = new ArrayList<String>();
    lines.add(" ".repeat(LABEL + 1) + title);
    for (int row = HEIGHT - 1; row >= 0; row--) {
      lines.add(
          label(row, low, high) + axis(row, terminal) + points(columns, row, low, high, terminal));
    }
    String base = terminal.unicode() ? "└" + "─".repeat(width) : "+" + "-".repeat(width);
    lines.add(" ".repeat(LABEL) + base);
    lines.add(" ".repeat(LABEL + 1) + String.format(Locale.ROOT, "%,d %s", values.length, unit));
    return lines;
  }

  private static String label(int row, double low, double high) {
    if (row != 0 && row != HEIGHT - 1) {
      return " ".repeat(LABEL);
    }
    double value = row == 0 ? low : high;
    return String.format(Locale.ROOT, "%" + (LABEL - 1) + ".4g ", value);
  }

  private static String axis(int row, Terminal terminal) {
    boolean tick = row == 0 || row == HEIGHT - 1;
    if (terminal.unicode()) {
      return tick ? "┤" : "│";
    }
    return tick ? "+" : "|";
  }

  private static String points(
      double[] columns, int row, double low, double high, Terminal terminal) {
    var line = new StringBuilder();
    for (double value : columns) {
      double place = high > low ? (value - low) / (high - low) * (HEIGHT - 1) : 0;
      boolean here = Double.isFinite(value) && Math.round(place) == row;
      line.append(here ? (terminal.unicode() ? '•' : '*') : ' ');
    }
    return line.toString().stripTrailing();
  }
}
