package io.lockstep.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.source.SkippedRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of one evaluation.
 *
 * <p>Conventions are DL4J's. Precision, recall and F1 of more than two classes are macro averages:
 * the plain mean over classes, leaving out of precision a class that was never predicted, out of
 * recall one that has no examples, and out of F1 one that lacks either. With two classes, or one
 * yes-no column, they are those of the second class, "yes"; with several yes-no columns the plain
 * mean over columns. Equal highest outputs count as a prediction of the first of them. Where
 * nothing is left to divide by, a metric is NaN.
 *
 * <p>The areas under curves take examples of equal score together, so they do not depend on the
 * order of examples; without equal scores they are DL4J's.
 *
 * <p>Immutable.
 */
public final class EvaluationResult {
  private final EvaluationSpec spec;
  private final long examples;
  private final Map<Metric, Double> metrics;
  private final Optional<ConfusionMatrix> confusion;
  private final List<ClassScores> classes;
  private final List<ColumnScores> columns;
  private final Map<String, EvaluationResult> outputs;
  private final SkippedRecords skipped;

  private EvaluationResult(Builder builder) {
    this.spec = builder.spec;
    this.examples = builder.examples;
    this.metrics = Collections.unmodifiableMap(new EnumMap<>(builder.metrics));
    this.confusion = Optional.ofNullable(builder.confusion);
    this.classes = List.copyOf(builder.classes);
    this.columns = List.copyOf(builder.columns);
    this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(builder.outputs));
    this.skipped = SkippedRecords.NONE;
  }

  private EvaluationResult(EvaluationResult same, SkippedRecords skipped) {
    this.spec = same.spec;
    this.examples = same.examples;
    this.metrics = same.metrics;
    this.confusion = same.confusion;
    this.classes = same.classes;
    this.columns = same.columns;
    this.outputs = same.outputs;
    this.skipped = skipped;
  }

  /** The same, of data some of whose records were left out. */
  public EvaluationResult withSkipped(SkippedRecords records) {
    return new EvaluationResult(this, records);
  }

  /** What was measured. */
  public EvaluationSpec spec() {
    return spec;
  }

  /** Examples evaluated. */
  public long examples() {
    return examples;
  }

  /** Records of the data that were left out because they could not be used. */
  public SkippedRecords skipped() {
    return skipped;
  }

  /** The metrics that the task has, in the order of {@link Metric}. */
  public Map<Metric, Double> metrics() {
    return metrics;
  }

  /** Who was taken for whom, for classification with up to 1000 classes and one yes-no column. */
  public Optional<ConfusionMatrix> confusion() {
    return confusion;
  }

  /** Scores of each class or yes-no column; empty for regression. */
  public List<ClassScores> classes() {
    return classes;
  }

  /** Scores of each column; empty but for regression. */
  public List<ColumnScores> columns() {
    return columns;
  }

  /** The metrics of each of several outputs, by its name; empty if there is one. */
  public Map<String, EvaluationResult> outputs() {
    return outputs;
  }

  /**
   * The value of the metric called {@code name}, such as {@code accuracy}, or {@code
   * churn.accuracy} of one of several outputs.
   *
   * @throws InputException if there is no such metric, or the task does not have it
   */
  public double metric(String name) {
    int dot = name.lastIndexOf('.');
    if (dot >= 0 && outputs.containsKey(name.substring(0, dot))) {
      return outputs.get(name.substring(0, dot)).metric(name.substring(dot + 1));
    }
    if (!outputs.isEmpty() && !spec.words().contains(name)) {
      throw new InputException(
          "Metric '%s' is not measured; measured are %s"
              .formatted(name, String.join(", ", spec.words())));
    }
    Double value = metrics.get(Metric.of(name));
    if (value == null) {
      throw new InputException(
          "Metric '%s' is not measured for %s; measured are %s"
              .formatted(
                  name,
                  spec.task().name().toLowerCase(Locale.ROOT),
                  Metric.words(metrics.keySet())));
    }
    return value;
  }

  /** All of it for files; what is undefined becomes null. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("task", spec.task().name().toLowerCase(Locale.ROOT)).put("examples", examples);
    if (skipped.total() > 0) {
      json.set("skipped", skipped.toJson());
    }
    if (spec.topK() > 1) {
      json.put("k", spec.topK());
    }
    if (!Float.isNaN(spec.threshold())) {
      json.put("threshold", spec.threshold());
    }
    ObjectNode values = json.putObject("metrics");
    metrics.forEach((metric, value) -> put(values, metric.word(), value));
    if (!classes.isEmpty()) {
      ArrayNode array = json.putArray("classes");
      for (ClassScores scores : classes) {
        ObjectNode node = array.addObject();
        node.put("name", scores.name()).put("examples", scores.examples());
        put(node, "precision", scores.precision());
        put(node, "recall", scores.recall());
        put(node, "f1", scores.f1());
      }
    }
    if (!columns.isEmpty()) {
      ArrayNode array = json.putArray("columns");
      for (ColumnScores scores : columns) {
        ObjectNode node = array.addObject().put("name", scores.name());
        put(node, "mse", scores.mse());
        put(node, "mae", scores.mae());
        put(node, "rmse", scores.rmse());
        put(node, "r2", scores.r2());
      }
    }
    confusion.ifPresent(
        matrix -> {
          ArrayNode rows = json.putArray("confusion");
          for (long[] row : matrix.counts()) {
            ArrayNode cells = rows.addArray();
            for (long count : row) {
              cells.add(count);
            }
          }
        });
    if (!outputs.isEmpty()) {
      ObjectNode each = json.putObject("outputs");
      outputs.forEach((name, result) -> each.set(name, result.toJson()));
    }
    return json;
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
      return;
    }
    node.putNull(name);
  }

  /** Collects what a tally reports. */
  static final class Builder {
    private final EvaluationSpec spec;
    private final long examples;
    private final Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    private ConfusionMatrix confusion;
    private List<ClassScores> classes = new ArrayList<>();
    private List<ColumnScores> columns = new ArrayList<>();
    private final Map<String, EvaluationResult> outputs = new LinkedHashMap<>();

    Builder(EvaluationSpec spec, long examples) {
      this.spec = spec;
      this.examples = examples;
    }

    double value(Metric metric) {
      return metrics.get(metric);
    }

    void set(Metric metric, double value) {
      metrics.put(metric, value);
    }

    void confusion(ConfusionMatrix matrix) {
      confusion = matrix;
    }

    void classes(List<ClassScores> scores) {
      classes = scores;
    }

    void output(String name, EvaluationResult result) {
      outputs.put(name, result);
    }

    void columns(List<ColumnScores> scores) {
      columns = scores;
    }

    EvaluationResult build() {
      return new EvaluationResult(this);
    }
  }
}
