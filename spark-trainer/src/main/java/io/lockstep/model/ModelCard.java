package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.source.csv.CsvDialect;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.csv.TableInput;
import io.lockstep.data.source.csv.TableOutput;
import io.lockstep.data.source.series.SequencesOptions;
import io.lockstep.data.text.TextVectorization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What must be known to use a trained network on raw data, kept beside it in its file, so that the
 * file is of use without its run directory.
 *
 * @param plan fingerprint of the plan it was trained by
 * @param lockstep version that trained it
 * @param input what it is given
 * @param labels it was taught, with the names of classes or targets
 * @param preparation of what it is given: of its features, or how texts become tokens; and what was
 *     done to numbers to be predicted, whose inverse turns outputs into the units of the data
 * @param table how the table it was trained on is read; empty if its examples came from elsewhere
 * @param streams that it was trained in, of which each goes on from example to example; empty if
 *     each example begins anew
 * @param series how the windows it was trained on are made of series; empty if its examples are no
 *     such windows
 * @param sequences how tables of the labelled sequences it was trained on are read; empty if it was
 *     trained on others, or their labels lie in a file of their own
 * @param masked what all features of a time step have that is left out; empty to leave out none
 * @param threshold above which the output for the second of two classes is a yes; empty for the
 *     usual: the highest output, or one half
 */
public record ModelCard(
    String plan,
    String lockstep,
    NetworkInput input,
    Labels labels,
    Preparation preparation,
    Optional<Table> table,
    OptionalInt streams,
    Optional<SeriesLayout> series,
    Optional<SequencesOptions> sequences,
    OptionalDouble masked,
    OptionalDouble threshold) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "lockstep-model";

  /**
   * 1 had no table, 2 no input: its examples are of one shape, and have one label each. 4 is for
   * several inputs or outputs; a card of one of each is still written as 3.
   */
  private static final int VERSION = 4;

  private static final int ONE_OF_EACH = 3;
  private static final Labels NOTHING_KNOWN = new Labels.Targets(List.of("unknown"));

  /** A card of a model that does not foretell series. */
  public ModelCard(
      String plan,
      String lockstep,
      NetworkInput input,
      Labels labels,
      Preparation preparation,
      Optional<Table> table,
      OptionalInt streams) {
    this(
        plan,
        lockstep,
        input,
        labels,
        preparation,
        table,
        streams,
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** A card of a model that decides as usual. */
  public ModelCard(
      String plan,
      String lockstep,
      NetworkInput input,
      Labels labels,
      Preparation preparation,
      Optional<Table> table,
      OptionalInt streams,
      Optional<SeriesLayout> series,
      Optional<SequencesOptions> sequences,
      OptionalDouble masked) {
    this(
        plan,
        lockstep,
        input,
        labels,
        preparation,
        table,
        streams,
        series,
        sequences,
        masked,
        OptionalDouble.empty());
  }

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
        text.<Preparation>map(Preparation.Texts::new)
            .orElseGet(() -> new Preparation.Numbers(normalizer)),
        table,
        OptionalInt.empty());
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
   * @param dialect how its values are written down
   * @param header whether the first line holds names
   * @param weight column of the examples' weights; empty for none
   * @param inputs of a network that has several, with all their columns; else empty
   * @param outputs of a network that has several; else empty
   */
  public record Table(
      List<String> columns,
      List<String> labels,
      CsvDialect dialect,
      boolean header,
      String weight,
      List<TableInput> inputs,
      List<TableOutput> outputs) {
    public Table {
      columns = List.copyOf(columns);
      labels = List.copyOf(labels);
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    /** A table for one input and one output. */
    public Table(
        List<String> columns, List<String> labels, char delimiter, boolean header, String weight) {
      this(columns, labels, CsvDialect.of(delimiter), header, weight, List.of(), List.of());
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
          options.dialect(),
          options.header(),
          options.weight().column(),
          options.like(NOTHING_KNOWN, columns).inputs(),
          options.outputs());
    }

    private CsvOptions options(Labels known, List<Integer> shape) {
      boolean classes = outputs.isEmpty() && known instanceof Labels.Classes;
      return new CsvOptions(
              labels,
              classes ? CsvOptions.LabelKind.CLASS : CsvOptions.LabelKind.NUMBER,
              inputs.isEmpty() ? columns : List.of(),
              classes ? known.names() : List.of(),
              ',',
              header,
              inputs.isEmpty() && shape.size() > 1 ? shape : List.of(),
              inputs.isEmpty() && outputs.isEmpty() && columns.stream().anyMatch(labels::contains),
              new CsvOptions.Weight(weight, true),
              inputs,
              outputs)
          .with(dialect)
          .like(known, columns);
    }

    private ObjectNode toJson() {
      ObjectNode json = JSON.createObjectNode();
      columns.forEach(json.putArray("columns")::add);
      labels.forEach(json.putArray("labels")::add);
      DialectJson.write(dialect, json);
      json.put("header", header);
      for (TableInput input : inputs) {
        ObjectNode each = json.withArray("inputs").addObject().put("name", input.name());
        input.columns().forEach(each.putArray("columns")::add);
        input.shape().forEach(each.putArray("shape")::add);
        each.put("sequence", input.sequence());
      }
      for (TableOutput output : outputs) {
        ObjectNode each = json.withArray("outputs").addObject().put("name", output.name());
        each.put("task", output.kind() == LabelKind.CLASS ? "classes" : "targets");
        output.columns().forEach(each.putArray("columns")::add);
      }
      return weight.isEmpty() ? json : json.put("weight", weight);
    }

    private static Table of(JsonNode json, String file) {
      CsvDialect dialect = DialectJson.read(json, file);
      List<String> labels = texts(json.path("labels"));
      List<TableInput> inputs = new ArrayList<>();
      for (JsonNode each : json.path("inputs")) {
        List<Integer> shape = new ArrayList<>();
        each.path("shape").forEach(size -> shape.add(size.asInt()));
        inputs.add(
            new TableInput(
                each.path("name").asText(),
                texts(each.path("columns")),
                shape,
                true,
                each.path("sequence").asBoolean()));
      }
      List<TableOutput> outputs = new ArrayList<>();
      for (JsonNode each : json.path("outputs")) {
        outputs.add(
            new TableOutput(
                each.path("name").asText(),
                each.path("task").asText().equals("classes") ? LabelKind.CLASS : LabelKind.NUMBER,
                texts(each.path("columns")),
                List.of()));
      }
      if (labels.isEmpty() && outputs.isEmpty()) {
        throw new InputException(file + " holds a damaged card: no label column");
      }
      return new Table(
          texts(json.path("columns")),
          labels,
          dialect,
          json.path("header").asBoolean(),
          json.path("weight").asText(),
          inputs,
          outputs);
    }
  }

  /** What is done to the numbers of the first input. */
  public Normalizer normalizer() {
    return preparation.normalizer();
  }

  /** How texts become what it is given; empty if it is given numbers. */
  public Optional<TextVectorization> text() {
    return preparation.text();
  }

  /** What was done to the numbers that the first output is to predict; empty for nothing. */
  public Optional<Standardization> targets() {
    return preparation.targets();
  }

  /** Whether it foretells the tokens of a text. */
  public boolean isLanguageModel() {
    return text().isPresent() && input.labelsPerStep();
  }

  /** Shape of one example's features, such as {@code [1, 28, 28]}, or of one time step's. */
  public List<Integer> shape() {
    return input.shape();
  }

  /** How a table of other examples is read for this model; empty if it was trained on none. */
  public Optional<CsvOptions> options() {
    return table.map(it -> it.options(labels, masked.isPresent() ? padded(it) : shape()));
  }

  /** Shape of an example whose steps are not yet left out. */
  private List<Integer> padded(Table table) {
    int features = shape().get(0);
    return List.of(table.columns().size() / features, features);
  }

  private boolean isSeveral() {
    return input.inputs().size() > 1 || labels instanceof Labels.Several;
  }

  byte[] encode() throws IOException {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
    json.put("version", isSeveral() ? VERSION : ONE_OF_EACH);
    json.put("lockstep", lockstep).put("plan", plan);
    if (isSeveral()) {
      CardPorts.write(this, json);
    } else {
      writeOne(json);
    }
    table.ifPresent(it -> json.set("table", it.toJson()));
    streams.ifPresent(it -> json.put("streams", it));
    series.ifPresent(it -> json.set("series", it.toJson()));
    sequences.ifPresent(it -> json.set("sequences", it.toJson()));
    masked.ifPresent(it -> json.put("masked", it));
    threshold.ifPresent(it -> json.put("threshold", (float) it));
    if (!isSeveral()) {
      targets().ifPresent(it -> json.set("targets", it.toJson()));
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  private void writeOne(ObjectNode json) {
    shape().forEach(json.putArray("shape")::add);
    ObjectNode given = json.putObject("input");
    given.put("name", input.input().name());
    given.put("type", input.input().type().name().toLowerCase(Locale.ROOT));
    given.put("sequence", input.input().sequence());
    input.vocabulary().ifPresent(size -> given.put("vocabulary", size));
    json.put("labelsPerStep", input.labelsPerStep());
    json.put("task", labels instanceof Labels.Classes ? "classes" : "targets");
    labels.names().forEach(json.putArray("labels")::add);
    json.set("normalizer", normalizer().toJson());
    text().ifPresent(it -> json.set("text", it.toJson()));
  }

  static ModelCard decode(String text, String file) {
    JsonNode json = read(text, file);
    int version = json.path("version").asInt();
    if (!json.path("format").asText().equals(FORMAT) || version < 1 || version > VERSION) {
      throw new InputException(
          "%s holds a card of format %s %d; this Lockstep reads %s 1 to %d"
              .formatted(file, json.path("format").asText(), version, FORMAT, VERSION));
    }
    return version > ONE_OF_EACH
        ? several(json, file)
        : new ModelCard(
            json.path("plan").asText(),
            json.path("lockstep").asText(),
            one(json, version, file),
            labels(json, file),
            preparation(json, version, file),
            table(json, file),
            streams(json, file),
            json.has("series")
                ? Optional.of(SeriesLayout.fromJson(json.path("series")))
                : Optional.empty(),
            json.has("sequences")
                ? Optional.of(SequencesOptions.fromJson(json.path("sequences")))
                : Optional.empty(),
            masked(json, file),
            threshold(json, file));
  }

  private static OptionalDouble threshold(JsonNode json, String file) {
    if (!json.has("threshold")) {
      return OptionalDouble.empty();
    }
    float threshold = (float) json.path("threshold").asDouble(Double.NaN);
    if (Float.isNaN(threshold) || json.path("labels").size() != 2) {
      throw new InputException(file + " holds a damaged card: a threshold that is none");
    }
    return OptionalDouble.of(threshold);
  }

  private static ModelCard several(JsonNode json, String file) {
    CardPorts ports = CardPorts.read(json, file);
    return new ModelCard(
        json.path("plan").asText(),
        json.path("lockstep").asText(),
        ports.input(),
        ports.labels(),
        ports.preparation(),
        table(json, file),
        streams(json, file),
        Optional.empty(),
        Optional.empty(),
        masked(json, file));
  }

  private static Optional<Table> table(JsonNode json, String file) {
    return json.has("table") ? Optional.of(Table.of(json.path("table"), file)) : Optional.empty();
  }

  private static Labels labels(JsonNode json, String file) {
    List<String> names = texts(json.path("labels"));
    if (names.isEmpty()) {
      throw new InputException(file + " holds a damaged card: no shape or no labels");
    }
    return json.path("task").asText().equals("classes")
        ? new Labels.Classes(names)
        : new Labels.Targets(names);
  }

  private static NetworkInput one(JsonNode json, int version, String file) {
    List<Integer> shape = new ArrayList<>();
    json.path("shape").forEach(size -> shape.add(size.asInt()));
    if (shape.stream().anyMatch(size -> size < 1)) {
      throw new InputException(file + " holds a damaged card: no shape or no labels");
    }
    return version < 3 ? old(shape, file) : input(json, shape, file);
  }

  private static Preparation preparation(JsonNode json, int version, String file) {
    Normalizer normalizer = Normalizer.fromJson(json.path("normalizer"));
    if (!json.has("text")) {
      return new Preparation.Numbers(
          List.of(normalizer),
          targets(json, texts(json.path("labels")), file)
              .<List<Normalizer>>map(List::of)
              .orElse(List.of()));
    }
    TextVectorization words = TextVectorization.fromJson(json.path("text"));
    if (one(json, version, file).vocabulary().orElse(-1) != words.vocabulary().size()) {
      throw new InputException(
          file + " holds a damaged card: its vocabulary is not that of its input");
    }
    return new Preparation.Texts(words);
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

  private static OptionalDouble masked(JsonNode json, String file) {
    if (!json.has("masked")) {
      return OptionalDouble.empty();
    }
    if (!json.path("masked").isNumber()) {
      throw new InputException(file + " holds a damaged card: masked is no number");
    }
    return OptionalDouble.of(json.path("masked").asDouble());
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

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
