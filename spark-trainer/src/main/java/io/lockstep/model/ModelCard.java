package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.source.CsvOptions;
import io.lockstep.data.text.TextVectorization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What must be known to use a trained network on raw data, kept beside it in its file, so that the
 * file is of use without its run directory.
 *
 * @param plan fingerprint of the plan it was trained by
 * @param lockstep version that trained it
 * @param input what it is given
 * @param labels it was taught, with the names of classes or targets
 * @param normalizer of its features
 * @param text how texts become what it is given; empty if it is given numbers
 * @param table how the table it was trained on is read; empty if its examples came from elsewhere
 * @param streams that it was trained in, of which each goes on from example to example; empty if
 *     each example begins anew
 * @param targets what was done to numbers to be predicted, whose inverse turns outputs into the
 *     units of the data; empty for nothing
 */
public record ModelCard(
    String plan,
    String lockstep,
    NetworkInput input,
    Labels labels,
    Normalizer normalizer,
    Optional<TextVectorization> text,
    Optional<Table> table,
    OptionalInt streams,
    Optional<Standardization> targets) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "lockstep-model";

  /** 1 had no table, 2 no input: its examples are of one shape, and have one label each. */
  private static final int VERSION = 3;

  /** A card of a model whose examples each begin anew. */
  public ModelCard(
      String plan,
      String lockstep,
      NetworkInput input,
      Labels labels,
      Normalizer normalizer,
      Optional<TextVectorization> text,
      Optional<Table> table) {
    this(
        plan,
        lockstep,
        input,
        labels,
        normalizer,
        text,
        table,
        OptionalInt.empty(),
        Optional.empty());
  }

  /** A card of a model that was not trained on a table. */
  public ModelCard(
      String plan, String lockstep, NetworkInput input, Labels labels, Normalizer normalizer) {
    this(plan, lockstep, input, labels, normalizer, Optional.empty(), Optional.empty());
  }

  /**
   * How a table of examples, a CSV file, is read.
   *
   * @param columns names of the feature columns, or their numbers, in the order in which the
   *     network sees them
   * @param labels names of the label columns, or their numbers
   * @param delimiter between values
   * @param header whether the first line holds names
   * @param weight column of the examples' weights; empty for none
   */
  public record Table(
      List<String> columns, List<String> labels, char delimiter, boolean header, String weight) {
    public Table {
      columns = List.copyOf(columns);
      labels = List.copyOf(labels);
    }

    /**
     * What is known of a table that was read.
     *
     * @param columns names of its feature columns, as they were found
     */
    public static Table of(CsvOptions options, List<String> columns) {
      return new Table(
          columns,
          options.labels(),
          options.delimiter(),
          options.header(),
          options.weight().column());
    }

    private CsvOptions options(Labels known, List<Integer> shape) {
      boolean classes = known instanceof Labels.Classes;
      return new CsvOptions(
          labels,
          classes ? CsvOptions.LabelKind.CLASS : CsvOptions.LabelKind.NUMBER,
          columns,
          classes ? known.names() : List.of(),
          delimiter,
          header,
          shape.size() > 1 ? shape : List.of(),
          columns.stream().anyMatch(labels::contains),
          new CsvOptions.Weight(weight, true));
    }

    private ObjectNode toJson() {
      ObjectNode json = JSON.createObjectNode();
      columns.forEach(json.putArray("columns")::add);
      labels.forEach(json.putArray("labels")::add);
      json.put("delimiter", String.valueOf(delimiter)).put("header", header);
      return weight.isEmpty() ? json : json.put("weight", weight);
    }

    private static Table of(JsonNode json, String file) {
      String delimiter = json.path("delimiter").asText();
      List<String> labels = texts(json.path("labels"));
      if (delimiter.length() != 1 || labels.isEmpty()) {
        throw new InputException(file + " holds a damaged card: no delimiter or no label column");
      }
      return new Table(
          texts(json.path("columns")),
          labels,
          delimiter.charAt(0),
          json.path("header").asBoolean(),
          json.path("weight").asText());
    }
  }

  /** Whether it foretells the tokens of a text. */
  public boolean isLanguageModel() {
    return text.isPresent() && input.labelsPerStep();
  }

  /** Shape of one example's features, such as {@code [1, 28, 28]}, or of one time step's. */
  public List<Integer> shape() {
    return input.shape();
  }

  /** How a table of other examples is read for this model; empty if it was trained on none. */
  public Optional<CsvOptions> options() {
    return table.map(it -> it.options(labels, shape()));
  }

  byte[] encode() throws IOException {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("version", VERSION);
    json.put("lockstep", lockstep).put("plan", plan);
    shape().forEach(json.putArray("shape")::add);
    ObjectNode given = json.putObject("input");
    given.put("name", input.input().name());
    given.put("type", input.input().type().name().toLowerCase(Locale.ROOT));
    given.put("sequence", input.input().sequence());
    input.vocabulary().ifPresent(size -> given.put("vocabulary", size));
    json.put("labelsPerStep", input.labelsPerStep());
    json.put("task", labels instanceof Labels.Classes ? "classes" : "targets");
    labels.names().forEach(json.putArray("labels")::add);
    json.set("normalizer", normalizer.toJson());
    text.ifPresent(it -> json.set("text", it.toJson()));
    table.ifPresent(it -> json.set("table", it.toJson()));
    streams.ifPresent(it -> json.put("streams", it));
    targets.ifPresent(it -> json.set("targets", it.toJson()));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  static ModelCard decode(String text, String file) {
    JsonNode json = read(text, file);
    int version = json.path("version").asInt();
    if (!json.path("format").asText().equals(FORMAT) || version < 1 || version > VERSION) {
      throw new InputException(
          "%s holds a card of format %s %d; this Lockstep reads %s 1 to %d"
              .formatted(file, json.path("format").asText(), version, FORMAT, VERSION));
    }
    List<Integer> shape = new ArrayList<>();
    json.path("shape").forEach(size -> shape.add(size.asInt()));
    List<String> names = texts(json.path("labels"));
    if (names.isEmpty() || shape.stream().anyMatch(size -> size < 1)) {
      throw new InputException(file + " holds a damaged card: no shape or no labels");
    }
    boolean classes = json.path("task").asText().equals("classes");
    NetworkInput input = version < 3 ? old(shape, file) : input(json, shape, file);
    Optional<TextVectorization> words =
        json.has("text")
            ? Optional.of(TextVectorization.fromJson(json.path("text")))
            : Optional.empty();
    if (words.isPresent() && input.vocabulary().orElse(-1) != words.get().vocabulary().size()) {
      throw new InputException(
          file + " holds a damaged card: its vocabulary is not that of its input");
    }
    return new ModelCard(
        json.path("plan").asText(),
        json.path("lockstep").asText(),
        input,
        classes ? new Labels.Classes(names) : new Labels.Targets(names),
        Normalizer.fromJson(json.path("normalizer")),
        words,
        json.has("table") ? Optional.of(Table.of(json.path("table"), file)) : Optional.empty(),
        streams(json, file),
        targets(json, names, file));
  }

  private static Optional<Standardization> targets(JsonNode json, List<String> names, String file) {
    if (!json.has("targets")) {
      return Optional.empty();
    }
    if (!(Normalizer.fromJson(json.path("targets")) instanceof Standardization targets)
        || targets.features().orElse(0) != names.size()) {
      throw new InputException(
          file + " holds a damaged card: its targets are not standardised as its labels are");
    }
    return Optional.of(targets);
  }

  private static OptionalInt streams(JsonNode json, String file) {
    if (!json.has("streams")) {
      return OptionalInt.empty();
    }
    int streams = json.path("streams").asInt();
    if (streams < 1) {
      throw new InputException(file + " holds a damaged card: " + streams + " streams");
    }
    return OptionalInt.of(streams);
  }

  private static NetworkInput old(List<Integer> shape, String file) {
    if (shape.isEmpty()) {
      throw new InputException(file + " holds a damaged card: no shape");
    }
    return NetworkInput.fixed(shape.stream().mapToInt(Integer::intValue).toArray());
  }

  private static NetworkInput input(JsonNode json, List<Integer> shape, String file) {
    JsonNode given = json.path("input");
    try {
      ElementType type = ElementType.valueOf(given.path("type").asText().toUpperCase(Locale.ROOT));
      Field field =
          new Field(given.path("name").asText(), type, shape, given.path("sequence").asBoolean());
      return new NetworkInput(
          field,
          given.has("vocabulary")
              ? OptionalInt.of(given.path("vocabulary").asInt())
              : OptionalInt.empty(),
          json.path("labelsPerStep").asBoolean());
    } catch (IllegalArgumentException e) {
      throw new InputException(file + " holds a damaged card: " + e.getMessage(), e);
    }
  }

  private static JsonNode read(String text, String file) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputException(file + " holds a damaged card: it is not JSON", e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
