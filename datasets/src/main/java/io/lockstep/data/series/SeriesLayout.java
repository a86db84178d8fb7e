package io.lockstep.data.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of series before their windows are read.
 *
 * @param options how they are understood
 * @param timeStep what lies between two rows of a series; null if that is not known
 * @param plans of the splits, once their rows have been counted; empty before
 * @param scales by series the mean absolute error of the naive one-step forecast of each target
 *     over the training part, {@code [targets]}; empty until windows have been read
 */
public record SeriesLayout(
    SeriesOptions options, TimeStep timeStep, List<Plan> plans, Map<String, double[]> scales)
    implements Serializable {
  /** Series whose scales a model's card holds. */
  private static final int MOST_KEPT = 100_000;

  /**
   * What a task must know of its split.
   *
   * @param rows that begin in it
   * @param spans of series in it, in their order; not listed in a file whose series alternate
   * @param alternating whether rows of several series alternate, so that the split is a whole file
   */
  public record Plan(long rows, Map<String, Span> spans, boolean alternating)
      implements Serializable {}

  /**
   * A series, or a part of one.
   *
   * @param before rows of the series in the splits before
   * @param trained rows of the series, from its beginning, that may be learned from
   */
  public record Span(long before, long trained) implements Serializable {}

  public SeriesLayout {
    plans = List.copyOf(plans);
  }

  /** What lies between two rows of a series, if that is known. */
  public Optional<TimeStep> step() {
    return Optional.ofNullable(timeStep);
  }

  /** What a trained model must know; without scales if there are more than many series. */
  public ObjectNode toJson() {
    ObjectNode json = options.toJson();
    step()
        .ifPresent(
            it -> json.putObject("step").put("months", it.months()).put("amount", it.amount()));
    if (scales.size() <= MOST_KEPT) {
      ObjectNode known = json.putObject("scales");
      scales.forEach(
          (name, scale) -> {
            ArrayNode array = known.putArray(name);
            for (double each : scale) {
              if (Double.isFinite(each)) {
                array.add(each);
              } else {
                array.addNull();
              }
            }
          });
    }
    return json;
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws io.lockstep.data.InputException if {@code json} is no such thing
   */
  public static SeriesLayout fromJson(JsonNode json) {
    JsonNode step = json.path("step");
    Map<String, double[]> scales = new LinkedHashMap<>();
    json.path("scales")
        .properties()
        .forEach(
            series -> {
              double[] scale = new double[series.getValue().size()];
              for (int i = 0; i < scale.length; i++) {
                scale[i] = series.getValue().get(i).asDouble(Double.NaN);
              }
              scales.put(series.getKey(), scale);
            });
    return new SeriesLayout(
        SeriesOptions.fromJson(json),
        step.isMissingNode()
            ? null
            : new TimeStep(step.path("months").asInt(), step.path("amount").asDouble()),
        List.of(),
        scales);
  }
}
