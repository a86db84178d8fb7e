package io.lockstep.data.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.block.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Columns of a table as features of a network: numbers imputed and scaled, words one-hot. What it
 * is given has a raw number for each column: a number itself, the id of a word, NaN for what is
 * missing. Immutable.
 *
 * @param columns in the order in which the network sees them
 */
public record Encoding(List<ColumnEncoding> columns) implements Normalizer {
  static final String KIND = "columns";

  public Encoding {
    columns = List.copyOf(columns);
  }

  /** The same where words have the ids of a dictionary for each column. */
  public Encoding over(List<List<String>> dictionary) {
    List<ColumnEncoding> others = new ArrayList<>();
    for (ColumnEncoding each : columns) {
      others.add(each.over(dictionary.get(others.size())));
    }
    return new Encoding(others);
  }

  /** What was to be made of the columns, with the words that are known. */
  public List<Column> known() {
    return columns.stream()
        .map(
            each ->
                each instanceof ColumnEncoding.OfWords words
                    ? new Column(
                        each.column().name(),
                        new Column.Words(1, Integer.MAX_VALUE, words.words()),
                        each.column().gap())
                    : each.column())
        .toList();
  }

  /** Names of the features. */
  public List<String> names() {
    return columns.stream().flatMap(each -> each.names().stream()).toList();
  }

  @Override
  public int width(int raw) {
    return columns.stream().mapToInt(ColumnEncoding::width).sum();
  }

  @Override
  public void apply(float[] values, int offset, int count, int width) {
    throw new UnsupportedOperationException("columns are encoded from raw numbers of 64 bits");
  }

  @Override
  public void apply(Values values, int from, float[] to, int at, int count) {
    if (count != columns.size()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Examples have %,d columns, but the model was trained on %,d. Use the data the model"
                  + " was trained for.",
              count,
              columns.size()));
    }
    int next = at;
    for (int i = 0; i < count; i++) {
      ColumnEncoding column = columns.get(i);
      column.encode(values.at(from + i), to, next);
      next += column.width();
    }
  }

  @Override
  public Optional<Integer> features() {
    return Optional.of(columns.size());
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("kind", KIND).put("version", VERSION);
    for (ColumnEncoding each : columns) {
      ColumnJson.write(each, json.withArray("columns").addObject());
    }
    return json;
  }

  static Encoding parse(JsonNode json) {
    List<ColumnEncoding> columns = new ArrayList<>();
    json.path("columns").forEach(each -> columns.add(ColumnJson.read(each)));
    return new Encoding(columns);
  }
}
