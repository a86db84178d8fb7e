import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws measurements as an SVG picture: {@code java scripts/plot/Lines.java XLABEL YLABEL < TABLE}.
 *
 * <p>A line of the table is panel, series, x and y, between tabs. Each panel has axes of its own, x
 * in powers; each measurement is a dot, and a line goes through the means of each series.
 */
public final class Lines {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 300;
  private static final int LEFT = 58;
  private static final int TOP = 34;
  private static final int RIGHT = 12;
  private static final int BOTTOM = 46;
  private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

  private record Point(double x, double y) {}

  private final StringBuilder svg = new StringBuilder();

  public static void main(String[] args) throws IOException {
    Map<String, Map<String, List<Point>>> panels = new LinkedHashMap<>();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] cells = line.split("\t");
      panels
          .computeIfAbsent(cells[0], key -> new LinkedHashMap<>())
          .computeIfAbsent(cells[1], key -> new ArrayList<>())
          .add(new Point(Double.parseDouble(cells[2]), Double.parseDouble(cells[3])));
    }
    System.out.print(new Lines().picture(panels, args[0], args[1]));
  }

  private String picture(
      Map<String, Map<String, List<Point>>> panels, String xLabel, String yLabel) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
        WIDTH * panels.size(), HEIGHT);
    int number = 0;
    for (var panel : panels.entrySet()) {
      add("<g transform=\"translate(%d 0)\">%n", WIDTH * number++);
      panel(panel.getKey(), panel.getValue(), xLabel, yLabel);
      add("</g>%n");
    }
    return svg.append("</svg>\n").toString();
  }

  private void panel(
      String title, Map<String, List<Point>> series, String xLabel, String yLabel) {
    List<Point> all = series.values().stream().flatMap(List::stream).toList();
    double[] xs = all.stream().mapToDouble(Point::x).sorted().distinct().toArray();
    double low = all.stream().mapToDouble(Point::y).min().orElseThrow();
    double high = all.stream().mapToDouble(Point::y).max().orElseThrow();
    double step = step(Math.max(high - low, 1e-9) / 5);
    double bottom = Math.floor(low / step) * step;
    double top = Math.ceil(high / step) * step;
    text(WIDTH / 2, 18, "middle", "bold", title);
    for (double y = bottom; y <= top + step / 2; y += step) {
      double at = y(y, bottom, top);
      add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>%n", LEFT, at, WIDTH - RIGHT);
      text(LEFT - 6, at + 4, "end", "normal", String.format(Locale.ROOT, "%.3g", y));
    }
    for (double x : xs) {
      text(x(x, xs), HEIGHT - BOTTOM + 16, "middle", "normal", String.format("%.0f", x));
    }
    text(WIDTH / 2, HEIGHT - 10, "middle", "normal", xLabel);
    add("<g transform=\"translate(13 %d) rotate(-90)\">", HEIGHT / 2);
    text(0, 0, "middle", "normal", yLabel);
    add("</g>%n");
    int number = 0;
    for (var line : series.entrySet()) {
      String colour = COLOURS[number % COLOURS.length];
      var means = new TreeMap<Double, List<Double>>();
      for (Point point : line.getValue()) {
        means.computeIfAbsent(point.x(), key -> new ArrayList<>()).add(point.y());
        add(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\" fill-opacity=\"0.6\"/>%n",
            x(point.x(), xs), y(point.y(), bottom, top), colour);
      }
      var path = new StringBuilder();
      means.forEach(
          (x, ys) -> {
            double mean = ys.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            path.append(path.isEmpty() ? "M" : "L")
                .append(String.format(Locale.ROOT, "%.1f %.1f", x(x, xs), y(mean, bottom, top)));
          });
      add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour);
      int legend = TOP + 10 + 16 * number++;
      add(
          "<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"2\"/>%n",
          LEFT + 10, legend, colour);
      text(LEFT + 33, legend + 4, "start", "normal", line.getKey());
    }
  }

  /** 1, 2 or 5 times a power of ten, at least {@code least}. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (int times : new int[] {1, 2, 5}) {
      if (times * power >= least) {
        return times * power;
      }
    }
    return 10 * power;
  }

  private static double x(double x, double[] xs) {
    double part = Math.log(x / xs[0]) / Math.log(Math.max(xs[xs.length - 1] / xs[0], 1.001));
    return LEFT + 14 + part * (WIDTH - LEFT - RIGHT - 28);
  }

  private static double y(double y, double bottom, double top) {
    return HEIGHT - BOTTOM - (y - bottom) / (top - bottom) * (HEIGHT - BOTTOM - TOP);
  }

  private void text(double x, double y, String anchor, String weight, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-weight=\"%s\">%s</text>%n",
        x, y, anchor, weight, text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
