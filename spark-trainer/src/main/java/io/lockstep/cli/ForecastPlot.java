package io.lockstep.cli;

import io.lockstep.app.Forecast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** A forecast as a picture of characters: the past, what came, and what was foretold. */
final class ForecastPlot {
  private static final int HEIGHT = 10;
  private static final int WIDTH = 64;
  private static final int LABEL = 10;

  private ForecastPlot() {}

  /** The first target of a forecast, several lines. */
  static List<String> render(Forecast forecast, Terminal terminal) {
    int horizon = forecast.values().length;
    int width = Math.min(WIDTH, terminal.columns() - LABEL - 4);
    int past = Math.min(forecast.past().length, Math.max(horizon, width - horizon));
    double[] before =
        Arrays.stream(forecast.past())
            .skip(forecast.past().length - past)
            .mapToDouble(row -> row[0])
            .toArray();
    double[] after = Arrays.stream(forecast.values()).mapToDouble(row -> row[0]).toArray();
    double[] truth = Arrays.stream(forecast.truth()).mapToDouble(row -> row[0]).toArray();
    double[] all =
        Stream.of(before, after, truth)
            .flatMapToDouble(DoubleStream::of)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(0);
    double high = Arrays.stream(all).max().orElse(0);
    int steps = past + horizon;
    int columns = steps > width ? width : steps * Math.max(1, width / steps);
    char[][] canvas = new char[HEIGHT][columns + 1];
    for (char[] row : canvas) {
      Arrays.fill(row, ' ');
    }
    var marks = terminal.unicode() ? "│•·█" : "|.o*";
    int border = (int) ((long) past * columns / steps);
    for (char[] row : canvas) {
      row[border] = marks.charAt(0);
    }
    for (int step = 0; step < past; step++) {
      put(canvas, step * columns / steps, before[step], low, high, marks.charAt(1));
    }
    for (int step = 0; step < horizon; step++) {
      int column = 1 + (int) ((long) (past + step) * columns / steps);
      put(canvas, column, truth[step], low, high, marks.charAt(2));
      put(canvas, column, after[step], low, high, marks.charAt(3)); // over what it met exactly
    }
    return lines(forecast, canvas, low, high, border, marks, terminal);
  }

  private static void put(
      char[][] canvas, int column, double value, double low, double high, char mark) {
    if (Double.isFinite(value)) {
      double place = high > low ? (value - low) / (high - low) * (HEIGHT - 1) : 0;
      canvas[HEIGHT - 1 - (int) Math.round(place)][Math.min(column, canvas[0].length - 1)] = mark;
    }
  }

  private static List<String> lines(
      Forecast forecast,
      char[][] canvas,
      double low,
      double high,
      int border,
      String marks,
      Terminal terminal) {
    boolean truth = Arrays.stream(forecast.truth()).anyMatch(row -> Double.isFinite(row[0]));
    var lines = new ArrayList<String>();
    String indent = " ".repeat(LABEL + 1);
    lines.add(
        "%s%s of %s: %s past%s, %s forecast"
            .formatted(
                indent,
                forecast.targets().get(0),
                forecast.series(),
                marks.charAt(1),
                truth ? ", %s what came".formatted(marks.charAt(2)) : "",
                marks.charAt(3)));
    for (int row = 0; row < HEIGHT; row++) {
      boolean tick = row == 0 || row == HEIGHT - 1;
      String label =
          tick
              ? String.format(Locale.ROOT, "%" + (LABEL - 1) + ".4g ", row == 0 ? high : low)
              : " ".repeat(LABEL);
      String axis = terminal.unicode() ? (tick ? "┤" : "│") : tick ? "+" : "|";
      lines.add(label + axis + new String(canvas[row]).stripTrailing());
    }
    int columns = canvas[0].length;
    lines.add(
        " ".repeat(LABEL)
            + (terminal.unicode() ? "└" + "─".repeat(columns) : "+" + "-".repeat(columns)));
    String first = forecast.pastTimes().get(forecast.pastTimes().size() - 1);
    if (!first.isEmpty()) {
      int room = Math.max(1, border - first.length());
      lines.add(indent + " ".repeat(room) + first);
    }
    return lines;
  }
}
