package io.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.evaluate.ClassScores;
import io.lockstep.evaluate.ColumnScores;
import io.lockstep.evaluate.ConfusionMatrix;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.Metric;
import io.lockstep.evaluate.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** An evaluation as text for people. */
final class ResultTable {
  private static final int CLASSES_SHOWN = 20;
  private static final int CONFUSIONS_SHOWN = 10;
  private static final int NAME_WIDTH = 16;
  private static final Set<Metric> LEFT_OUT_OF_LINE =
      EnumSet.of(
          Metric.PRECISION,
          Metric.RECALL,
          Metric.BALANCED_ACCURACY,
          Metric.MCC,
          Metric.AUPRC,
          Metric.AVERAGE_PRECISION,
          Metric.BRIER,
          Metric.RMSE);
  private static final Map<Metric, Metric> NAIVE =
      new EnumMap<>(
          Map.of(
              Metric.MAE, Metric.NAIVE_MAE,
              Metric.RMSE, Metric.NAIVE_RMSE,
              Metric.MASE, Metric.NAIVE_MASE));
  private static final String SHADES = " ░▒▓█";

  private final Terminal terminal;
  private final EvaluationResult result;
  private final StringBuilder text = new StringBuilder();

  private ResultTable(EvaluationResult result, Terminal terminal) {
    this.result = result;
    this.terminal = terminal;
  }

  /** The metrics that say most, in a line that fits a terminal. */
  static String line(EvaluationResult result) {
    return line(result.toJson());
  }

  /**
   * As {@link #line(EvaluationResult)}.
   *
   * @param result as {@link EvaluationResult#toJson} gives it
   */
  static String line(JsonNode result) {
    if (result.path("task").asText().equals("forecast")) {
      return forecastLine(result.path("metrics"));
    }
    var parts = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> metric : result.path("metrics").properties()) {
      if (LEFT_OUT_OF_LINE.stream().noneMatch(it -> it.word().equals(metric.getKey()))) {
        String label =
            metric.getKey().equals(Metric.TOP_K.word())
                ? "top-" + result.path("k").asInt()
                : metric.getKey();
        parts.add(label + " " + number(metric.getValue().asDouble(Double.NaN)));
      }
    }
    for (Map.Entry<String, JsonNode> output : result.path("outputs").properties()) {
      parts.add("| " + output.getKey() + ": " + line(output.getValue()));
    }
    return String.join("  ", parts);
  }

  /** The errors of a forecast, each beside that of the naive forecast. */
  private static String forecastLine(JsonNode metrics) {
    var parts = new ArrayList<String>();
    parts.add("loss " + number(metrics.path(Metric.LOSS.word()).asDouble(Double.NaN)));
    NAIVE.forEach(
        (metric, naive) ->
            parts.add(
                "%s %s (naive %s)"
                    .formatted(
                        metric.word(),
                        number(metrics.path(metric.word()).asDouble(Double.NaN)),
                        number(metrics.path(naive.word()).asDouble(Double.NaN)))));
    return String.join("  ", parts);
  }

  /** All of the evaluation, several lines that end in a line end each. */
  static String render(EvaluationResult result, Terminal terminal) {
    var table = new ResultTable(result, terminal);
    table.metrics();
    if (!result.classes().isEmpty()) {
      table.classes();
    }
    if (result.columns().size() > 1) {
      table.columns();
    }
    result.confusion().ifPresent(table::confusion);
    result
        .outputs()
        .forEach(
            (name, output) -> {
              table.text.append('\n');
              table.line("output %s", name);
              table.text.append(render(output, terminal));
            });
    return table.text.toString();
  }

  private static String label(EvaluationResult result, Metric metric) {
    return metric == Metric.TOP_K ? "top-" + result.spec().topK() : metric.word();
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    boolean plain = Math.abs(value) < 1e5 && (Math.abs(value) >= 1e-3 || value == 0);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }

  private void metrics() {
    boolean tokens = result.spec().task() == Task.LANGUAGE_MODEL;
    line("%,d %s", result.examples(), tokens ? "tokens" : "examples");
    SkippedRecords skipped = result.skipped();
    if (skipped.total() > 0) {
      boolean most = !tokens && skipped.total() > result.examples();
      line(
          "%s%s",
          most ? "warning: more than half of them could not be used: " : "",
          tokens ? skipped.sentence("lines") : skipped.sentence(result.examples(), "records"));
    }
    int width =
        result.metrics().keySet().stream()
            .mapToInt(it -> it.word().length())
            .reduce(tokens ? 12 : 10, Math::max);
    float threshold = result.spec().threshold();
    if (!Float.isNaN(threshold)) {
      String yes = result.classes().get(1).name();
      line("%s where its output is above %s", yes, threshold);
    }
    boolean forecast = result.spec().task() == Task.FORECAST;
    if (forecast) {
      line("  %-" + width + "s %10s %10s", "", "network", "naive");
    }
    for (Map.Entry<Metric, Double> metric : result.metrics().entrySet()) {
      if (forecast && NAIVE.containsValue(metric.getKey())) {
        continue; // stands beside the network's
      }
      if (forecast && NAIVE.containsKey(metric.getKey())) {
        line(
            "  %-" + width + "s %10s %10s",
            label(result, metric.getKey()),
            number(metric.getValue()),
            number(result.metrics().get(NAIVE.get(metric.getKey()))));
        continue;
      }
      line("  %-" + width + "s %10s", label(result, metric.getKey()), number(metric.getValue()));
    }
  }

  private void classes() {
    List<ClassScores> shown = result.classes();
    text.append('\n');
    if (shown.size() > CLASSES_SHOWN) {
      shown =
          shown.stream()
              .filter(scores -> scores.examples() > 0)
              .sorted(Comparator.comparingDouble(ClassScores::f1))
              .limit(CLASSES_SHOWN)
              .toList();
      line("  the %d of %,d classes with the lowest f1", shown.size(), result.classes().size());
    }
    int width = nameWidth(shown.stream().map(ClassScores::name).toList(), "class");
    line("  %-" + width + "s %10s %10s %8s %8s", "class", "examples", "precision", "recall", "f1");
    for (ClassScores scores : shown) {
      line(
          "  %-" + width + "s %,10d %10s %8s %8s",
          clip(scores.name(), width),
          scores.examples(),
          number(scores.precision()),
          number(scores.recall()),
          number(scores.f1()));
    }
  }

  private void columns() {
    text.append('\n');
    int width = nameWidth(result.columns().stream().map(ColumnScores::name).toList(), "column");
    line("  %-" + width + "s %11s %11s %11s %11s", "column", "mse", "mae", "rmse", "r2");
    result.columns().stream()
        .limit(CLASSES_SHOWN)
        .forEach(
            column ->
                line(
                    "  %-" + width + "s %11s %11s %11s %11s",
                    clip(column.name(), width),
                    number(column.mse()),
                    number(column.mae()),
                    number(column.rmse()),
                    number(column.r2())));
    if (result.columns().size() > CLASSES_SHOWN) {
      line("  and %,d more columns", result.columns().size() - CLASSES_SHOWN);
    }
  }

  private void confusion(ConfusionMatrix matrix) {
    text.append('\n');
    int digits =
        IntStream.range(0, matrix.size())
            .flatMap(a -> IntStream.range(0, matrix.size()).map(p -> digits(matrix.count(a, p))))
            .max()
            .orElse(1);
    int names = nameWidth(matrix.names(), "actual");
    // Between two cells a blank, and in each one character for the shade.
    int longestName = matrix.names().stream().mapToInt(String::length).max().orElse(1);
    int cell = Math.max(digits, Math.min(longestName, 6)) + 1;
    if (2 + names + matrix.size() * (cell + 1) > terminal.columns()) {
      mostConfused(matrix);
      return;
    }
    line("  %-" + names + "s predicted", "");
    var head = new StringBuilder(String.format(Locale.ROOT, "  %-" + names + "s", "actual"));
    for (String name : matrix.names()) {
      head.append(' ').append(pad(clip(name, cell - 1), cell - 1)).append(' ');
    }
    line("%s", head);
    for (int actual = 0; actual < matrix.size(); actual++) {
      row(matrix, actual, names, cell);
    }
  }

  private void row(ConfusionMatrix matrix, int actual, int names, int cell) {
    long total = 0;
    for (int predicted = 0; predicted < matrix.size(); predicted++) {
      total += matrix.count(actual, predicted);
    }
    String name = clip(matrix.names().get(actual), names);
    var line = new StringBuilder(String.format(Locale.ROOT, "  %-" + names + "s", name));
    for (int predicted = 0; predicted < matrix.size(); predicted++) {
      long count = matrix.count(actual, predicted);
      line.append(' ').append(cell(count, total == 0 ? 0 : count / (double) total, cell));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** A count shaded by its share of the row: colours, else block characters, else nothing. */
  private String cell(long count, double share, int width) {
    String zero = terminal.unicode() ? "·" : ".";
    String number = pad(count == 0 ? zero : Long.toString(count), width - 1);
    if (count == 0) {
      return number + " ";
    }
    if (terminal.color()) {
      // The grey ramp of the 256 colours, from 234 (dark) to 252; black text on the light half.
      int grey = 234 + (int) Math.round(18 * share);
      return "\033[48;5;%dm\033[38;5;%dm%s \033[0m".formatted(grey, share > 0.5 ? 16 : 255, number);
    }
    if (!terminal.unicode()) {
      return number + " ";
    }
    int shade = Math.max(1, (int) Math.ceil(share * 4));
    return number + SHADES.charAt(shade);
  }

  private void mostConfused(ConfusionMatrix matrix) {
    record Pair(int actual, int predicted, long count) {}
    var pairs = new ArrayList<Pair>();
    for (int actual = 0; actual < matrix.size(); actual++) {
      for (int predicted = 0; predicted < matrix.size(); predicted++) {
        if (actual != predicted && matrix.count(actual, predicted) > 0) {
          pairs.add(new Pair(actual, predicted, matrix.count(actual, predicted)));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::count).reversed());
    line("  most frequent confusions");
    pairs.stream()
        .limit(CONFUSIONS_SHOWN)
        .forEach(
            pair ->
                line(
                    "  %,8d  %s taken for %s",
                    pair.count(),
                    matrix.names().get(pair.actual()),
                    matrix.names().get(pair.predicted())));
  }

  private static int digits(long count) {
    return Long.toString(count).length();
  }

  private static int nameWidth(List<String> names, String title) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    return Math.max(title.length(), Math.min(NAME_WIDTH, longest));
  }

  private static String clip(String name, int width) {
    return name.length() <= width ? name : name.substring(0, width);
  }

  private static String pad(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
