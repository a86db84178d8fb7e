package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.byName;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.csv.TableInput;
import io.lockstep.data.source.csv.TableOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of the inputs and outputs of a graph that has several, as columns of a table. */
final class PortKeys {
  private PortKeys() {}

  static final Section<InputKeys> INPUT =
      Section.of(
              InputKeys.class,
              "One of several inputs of a graph, under the name that the graph has for it:"
                  + " `inputs: {profile: [age, income], usage: {columns: [m1, m2, m3], shape: [3,"
                  + " 1]}}`. A bare list names the columns. A column may feed several inputs.")
          .key(
              "columns",
              listOf(text(), "columns"),
              "[]",
              "In the order in which the network sees them; `[]`, for one of the inputs, takes all"
                  + " columns that nothing else names.")
          .key("shape", listOf(integer(1), "sizes"), "[]", "As `shape` of a table with one input.")
          .key(
              "normalize",
              bool(),
              "true",
              "`false`: whatever `data.normalize` says, this input stays as it is, such as ids for"
                  + " an embedding.")
          .shorthand("columns")
          .build();

  static final Section<OutputKeys> OUTPUT =
      Section.of(
              OutputKeys.class,
              "What one of several outputs of a graph is to learn, under the name that the graph"
                  + " has for it: `outputs: {churn: {label: churned}, spend: {targets: [spend]}}`.")
          .optional("label", text(), "Column with each example's class. Either this or `targets`.")
          .optional("targets", listOf(text(), "columns"), "Columns with numbers to be predicted.")
          .key(
              "classes",
              listOf(text(), "names"),
              "[]",
              "Names of the classes in label order; `[]` collects and sorts them from the file.")
          .build();

  static Type<Map<String, InputKeys>> inputs() {
    return byName(INPUT, "[columns](#inputs)");
  }

  static Type<Map<String, OutputKeys>> outputs() {
    return byName(OUTPUT, "[a label or targets](#outputs)");
  }

  /** An input as users see it. */
  record InputKeys(List<String> columns, List<Integer> shape, boolean normalize) {
    static Map<String, InputKeys> of(List<TableInput> inputs) {
      Map<String, InputKeys> keys = new LinkedHashMap<>();
      inputs.forEach(
          it -> keys.put(it.name(), new InputKeys(it.columns(), it.shape(), it.normalized())));
      return keys;
    }
  }

  /** An output as users see it. */
  record OutputKeys(Optional<String> label, Optional<List<String>> targets, List<String> classes) {
    OutputKeys {
      if (label.isPresent() == targets.isPresent()) {
        throw new InputException(
            "label: needs a column with classes, or targets columns with numbers; give one of"
                + " them");
      }
    }

    static Map<String, OutputKeys> of(List<TableOutput> outputs) {
      Map<String, OutputKeys> keys = new LinkedHashMap<>();
      for (TableOutput it : outputs) {
        boolean classes = it.kind() == LabelKind.CLASS;
        keys.put(
            it.name(),
            new OutputKeys(
                classes ? Optional.of(it.columns().get(0)) : Optional.empty(),
                classes ? Optional.empty() : Optional.of(it.columns()),
                it.classes()));
      }
      return keys;
    }
  }

  static List<TableInput> inputs(Optional<Map<String, InputKeys>> keys) {
    List<TableInput> inputs = new ArrayList<>();
    keys.orElse(Map.of())
        .forEach(
            (name, it) ->
                inputs.add(new TableInput(name, it.columns(), it.shape(), it.normalize(), false)));
    return inputs;
  }

  static List<TableOutput> outputs(Optional<Map<String, OutputKeys>> keys) {
    List<TableOutput> outputs = new ArrayList<>();
    keys.orElse(Map.of())
        .forEach(
            (name, it) ->
                outputs.add(
                    new TableOutput(
                        name,
                        it.label().isPresent() ? LabelKind.CLASS : LabelKind.NUMBER,
                        it.label().map(List::of).orElseGet(() -> it.targets().orElseThrow()),
                        it.classes())));
    return outputs;
  }
}
