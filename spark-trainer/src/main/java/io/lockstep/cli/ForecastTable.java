package io.lockstep.cli;

import io.lockstep.app.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Forecasts as rows. */
final class ForecastTable {
  private static final int SHOWN = 24;

  private ForecastTable() {}

  /** All of them as CSV: series, time, step, target, forecast and, if it is known, truth. */
  static String csv(List<Forecast> forecasts) {
    var text = new StringBuilder("series,time,step,target,forecast,truth\n");
    for (Forecast forecast : forecasts) {
      for (int step = 0; step < forecast.values().length; step++) {
        for (int target = 0; target < forecast.targets().size(); target++) {
          text.append(quoted(forecast.series()))
              .append(',')
              .append(quoted(forecast.times().get(step)))
              .append(',')
              .append(step + 1)
              .append(',')
              .append(quoted(forecast.targets().get(target)))
              .append(',')
              .append((float) forecast.values()[step][target])
              .append(',')
              .append(plain(forecast.truth()[step][target]))
              .append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String plain(double value) {
    return Double.isNaN(value) ? "" : String.valueOf(value);
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** The steps of a forecast, one a line. */
  static List<String> lines(Forecast forecast) {
    var lines = new ArrayList<String>();
    boolean truth = !Double.isNaN(forecast.truth()[0][0]);
    int steps = Math.min(SHOWN, forecast.values().length);
    for (int step = 0; step < steps; step++) {
      var line =
          new StringBuilder(
              String.format(Locale.ROOT, "  %+4d  %-20s", step + 1, forecast.times().get(step)));
      for (int target = 0; target < forecast.targets().size(); target++) {
        double real = forecast.truth()[step][target];
        line.append(
            String.format(
                Locale.ROOT,
                "  %s %s%s",
                forecast.targets().get(target),
                number(forecast.values()[step][target]),
                truth && !Double.isNaN(real) ? " (truth " + number(real) + ")" : ""));
      }
      lines.add(line.toString());
    }
    if (steps < forecast.values().length) {
      lines.add("  and %d more steps".formatted(forecast.values().length - steps));
    }
    return lines;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
