package io.lockstep.score;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.Replica.Scored;
import io.lockstep.score.ScoreColumn.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The columns of scores, made of what a network puts out: docs/guide/scoring.md shows them.
 * Immutable.
 */
public final class ScoreTable {
  private final List<Output> outputs = new ArrayList<>();
  private final List<ScoreColumn> columns = new ArrayList<>();
  private final boolean losses;
  private final boolean flat;

  /** A value of a row of what an output put out. */
  @FunctionalInterface
  private interface Cell {
    Object of(float[] values, int from);
  }

  private record Named(String name, Kind kind, Cell cell) {}

  private record Output(List<Named> cells, boolean perStep) {}

  /**
   * The columns of these outputs.
   *
   * @throws InputException if more of the most probable classes are wanted than there are
   */
  public ScoreTable(Outputs network, Wanted wanted) {
    losses = network.losses();
    flat = wanted.flat();
    List<String> names = network.names();
    for (int i = 0; i < network.widths().size(); i++) {
      String prefix = names.isEmpty() ? "" : names.get(i) + "_";
      var cells =
          new OutputCells(
              network.labels().each().get(i),
              network.widths().get(i),
              network.threshold(),
              wanted,
              prefix);
      outputs.add(new Output(cells.all(), network.perStep().get(i)));
    }
    if (wanted.topK() > 0 && noneHasSoMany(network, wanted.topK())) {
      throw new InputException(
          "top-k: the %d most probable classes are wanted, but the model has %s"
              .formatted(wanted.topK(), described(network.labels())));
    }
    Set<String> taken = new TreeSet<>(); // names differ in more than case
    for (Output output : outputs) {
      for (Named cell : output.cells()) {
        boolean text = flat && (output.perStep() || cell.kind() == Kind.VECTOR);
        columns.add(
            new ScoreColumn(
                unique(cell.name(), taken),
                text ? Kind.TEXT : cell.kind(),
                output.perStep() && !text));
      }
    }
    if (losses) {
      names.forEach(it -> columns.add(new ScoreColumn(it + "_loss", Kind.DOUBLE, false)));
      columns.add(new ScoreColumn("loss", Kind.DOUBLE, false));
    }
  }

  private static boolean noneHasSoMany(Outputs network, int classes) {
    return IntStream.range(0, network.widths().size())
        .noneMatch(
            i ->
                network.labels().each().get(i) instanceof Labels.Classes
                    && network.widths().get(i) > 1
                    && network.widths().get(i) >= classes);
  }

  private static String described(Labels labels) {
    return labels instanceof Labels.Classes
        ? labels.names().size() + " classes"
        : "no output with so many classes";
  }

  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  /** The columns in their order. */
  public List<ScoreColumn> columns() {
    return columns;
  }

  /**
   * Fills in what the network said of an example.
   *
   * @param scored by each output
   * @param example number within the minibatch
   * @param row to fill from {@code at} on
   */
  public void fill(List<Scored> scored, int example, Object[] row, int at) {
    int to = at;
    for (int i = 0; i < outputs.size(); i++) {
      Scored own = scored.get(i);
      int first = own.starts()[example];
      int end = own.starts()[example + 1];
      for (Named cell : outputs.get(i).cells()) {
        row[to++] =
            outputs.get(i).perStep()
                ? steps(cell, own, first, end)
                : flattened(cell.cell().of(own.values(), first * own.width()));
      }
    }
    if (losses) {
      double sum = 0;
      for (Scored own : scored) {
        sum += own.losses()[example];
        if (scored.size() > 1) {
          row[to++] = own.losses()[example];
        }
      }
      row[to] = sum;
    }
  }

  private Object steps(Named cell, Scored scored, int first, int end) {
    Object[] steps = new Object[end - first];
    for (int step = 0; step < steps.length; step++) {
      steps[step] = cell.cell().of(scored.values(), (first + step) * scored.width());
    }
    return flat ? FlatText.of(steps) : steps;
  }

  private Object flattened(Object value) {
    return flat && value instanceof float[] vector ? FlatText.of(vector) : value;
  }

  /** The cells of one output. */
  private record OutputCells(
      Labels labels, int width, float threshold, Wanted wanted, String prefix) {
    List<Named> all() {
      List<Named> cells = new ArrayList<>();
      if (!(labels instanceof Labels.Classes classes)) {
        numbers(cells);
      } else if (width == 1) {
        yesOrNo(classes.names(), cells);
      } else {
        classes(classes.names(), cells);
      }
      if (wanted.raw()) {
        add(cells, "raw", Kind.VECTOR, this::vector);
      }
      return cells;
    }

    private void numbers(List<Named> cells) {
      for (int i = 0; i < width; i++) {
        int column = i;
        add(
            cells,
            width == 1 ? "prediction" : "prediction_" + labels.names().get(i),
            Kind.NUMBER,
            (values, from) -> values[from + column]);
      }
    }

    private void yesOrNo(List<String> names, List<Named> cells) {
      add(cells, "prediction", Kind.TEXT, (values, from) -> names.get(yes(values, from) ? 1 : 0));
      add(
          cells,
          "probability",
          Kind.NUMBER,
          (values, from) -> yes(values, from) ? values[from] : 1 - values[from]);
      add(cells, "probability_" + names.get(0), Kind.NUMBER, (values, from) -> 1 - values[from]);
      add(cells, "probability_" + names.get(1), Kind.NUMBER, (values, from) -> values[from]);
    }

    /** As metrics count it. */
    private boolean yes(float[] values, int from) {
      return values[from] > (Float.isNaN(threshold) ? 0.5f : threshold);
    }

    /** As metrics count it. */
    private int guess(float[] values, int from) {
      return width == 2 && !Float.isNaN(threshold)
          ? (values[from + 1] > threshold ? 1 : 0)
          : TopClasses.highest(values, from, width);
    }

    private void classes(List<String> names, List<Named> cells) {
      add(cells, "prediction", Kind.TEXT, (values, from) -> names.get(guess(values, from)));
      add(cells, "probability", Kind.NUMBER, (values, from) -> values[from + guess(values, from)]);
      if (wanted.probabilities() || names.size() == 2) {
        for (int i = 0; i < names.size(); i++) {
          int column = i;
          add(
              cells,
              "probability_" + names.get(i),
              Kind.NUMBER,
              (values, from) -> values[from + column]);
        }
      }
      if (wanted.topK() <= width) {
        for (int place = 1; place <= wanted.topK(); place++) {
          int wantedPlace = place;
          add(
              cells,
              "top" + place,
              Kind.TEXT,
              (values, from) -> names.get(TopClasses.at(values, from, width, wantedPlace)));
          add(
              cells,
              "top" + place + "_probability",
              Kind.NUMBER,
              (values, from) -> values[from + TopClasses.at(values, from, width, wantedPlace)]);
        }
      }
    }

    private float[] vector(float[] values, int from) {
      return java.util.Arrays.copyOfRange(values, from, from + width);
    }

    private void add(List<Named> cells, String name, Kind kind, Cell cell) {
      cells.add(new Named(prefix + name, kind, cell));
    }
  }
}
