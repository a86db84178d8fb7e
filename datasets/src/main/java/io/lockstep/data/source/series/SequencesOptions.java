package io.lockstep.data.source.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How tables of labelled sequences are understood.
 *
 * @param table how rows lie in files; its series are the sequences, its gaps do not matter
 * @param features columns that the network sees; empty for all that are nothing else
 * @param labels column of the class, or columns of numbers; empty if {@code labelsFile} has them
 * @param kind of the labels
 * @param classes names in label order; empty to take those that are found
 * @param labelsFile file of each sequence's class, by the names of sequences or of their files;
 *     empty for none
 * @param perStep whether each time step has a label of its own
 */
public record SequencesOptions(
    SeriesOptions.Table table,
    List<String> features,
    List<String> labels,
    LabelKind kind,
    List<String> classes,
    String labelsFile,
    boolean perStep)
    implements Serializable {
  /**
   * @throws InputException if the options contradict each other; the message begins with the key
   */
  public SequencesOptions {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    classes = List.copyOf(classes);
    if (labels.isEmpty() == labelsFile.isEmpty()) {
      throw new InputException(
          "label: needs a column with classes, or targets columns with numbers, or labels a file"
              + " with classes; give one of them");
    }
    if (!labelsFile.isEmpty() && perStep) {
      throw new InputException(
          "labels: has one class for each sequence; with per: step name a column with label");
    }
    if (kind == LabelKind.NUMBER && !classes.isEmpty()) {
      throw new InputException("classes: numbers to be predicted have none; leave them out");
    }
  }

  /** All that {@link #fromJson} needs to read other sequences that lie as these do. */
  public ObjectNode toJson() {
    ObjectNode json = table.toJson();
    features.forEach(json.putArray("features")::add);
    labels.forEach(json.putArray("labels")::add);
    json.put("task", kind == LabelKind.CLASS ? "classes" : "targets");
    return json.put("perStep", perStep);
  }

  /**
   * Reads what {@link #toJson} returned; which classes there are is told by {@code like}.
   *
   * @throws InputException if {@code json} is no such thing
   */
  public static SequencesOptions fromJson(JsonNode json) {
    List<String> features = new ArrayList<>();
    json.path("features").forEach(column -> features.add(column.asText()));
    List<String> labels = new ArrayList<>();
    json.path("labels").forEach(column -> labels.add(column.asText()));
    return new SequencesOptions(
        SeriesOptions.Table.fromJson(json),
        features,
        labels,
        json.path("task").asText().equals("classes") ? LabelKind.CLASS : LabelKind.NUMBER,
        List.of(),
        "",
        json.path("perStep").asBoolean());
  }

  /** The same with other features and classes. */
  public SequencesOptions with(List<String> otherFeatures, List<String> otherClasses) {
    return new SequencesOptions(
        table, otherFeatures, labels, kind, otherClasses, labelsFile, perStep);
  }

  /** Whether a table has the columns of labels, or a file has them. */
  boolean isLabelled(List<String> header) {
    return labels.stream()
        .allMatch(
            it ->
                header.contains(it)
                    || (it.matches("\\d{1,9}") && Integer.parseInt(it) < header.size()));
  }

  /** Where the columns are; the targets are the labels. */
  SeriesColumns columns(String file, List<String> header) {
    return columns(file, header, true);
  }

  /** As {@link #columns(String, List)}; without targets if labels are not looked at. */
  SeriesColumns columns(String file, List<String> header, boolean labelled) {
    var find = new SeriesColumns.Finder(file, header);
    int series = table.series().isEmpty() ? -1 : find.column(table.series());
    int[] time = table.time().stream().mapToInt(find::column).toArray();
    int[] targets = labelled ? labels.stream().mapToInt(find::column).toArray() : new int[0];
    IntPredicate taken =
        column ->
            column == series
                || IntStream.of(time).anyMatch(it -> it == column)
                || IntStream.of(targets).anyMatch(it -> it == column);
    int[] inputs =
        features.isEmpty()
            ? IntStream.range(0, header.size()).filter(taken.negate()).toArray()
            : features.stream().mapToInt(find::column).toArray();
    if (inputs.length == 0) {
      throw new InputException(file + ": there are no feature columns. Is the delimiter right?");
    }
    for (int input : inputs) {
      if (IntStream.of(targets).anyMatch(it -> it == input)) {
        throw new InputException(
            "%s: column '%s' is both feature and label: the network would see what it is to predict."
                .formatted(file, header.get(input)));
      }
    }
    return new SeriesColumns(header, series, time, inputs, targets);
  }
}
