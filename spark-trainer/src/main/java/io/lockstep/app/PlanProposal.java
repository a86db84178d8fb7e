package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.inspect.ColumnGuess;
import io.lockstep.data.inspect.ColumnGuess.Kind;
import io.lockstep.data.inspect.TableGuess;
import io.lockstep.data.source.csv.CsvDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A finished plan for a table that nobody has said anything of but, maybe, what is to be learned.
 *
 * @param table as it was found
 * @param target column that is to be learned
 */
public record PlanProposal(TableGuess table, ColumnGuess target) {
  private static final Set<String> TARGETS =
      Set.of(
          "class",
          "label",
          "target",
          "species",
          "outcome",
          "survived",
          "churn",
          "income",
          "y",
          "diagnosis",
          "quality",
          "variety",
          "result");

  /** Steps of the optimizer that a small network takes to learn a table. */
  private static final int STEPS = 2500;

  /**
   * A proposal.
   *
   * @param target column that is to be learned; empty for one that is called so, or the last
   * @throws InputException if there is no such column, or nothing to learn from
   */
  public static PlanProposal of(TableGuess table, Optional<String> target) {
    ColumnGuess found = target.map(table::column).orElseGet(() -> target(table));
    if (table.columns().stream().noneMatch(it -> !it.equals(found) && it.kind() != Kind.NOTHING)) {
      throw new InputException(
          table.path()
              + ": no column holds numbers or categories beside '%s'; nothing can be learned of it"
                  .formatted(found.name()));
    }
    return new PlanProposal(table, found);
  }

  private static ColumnGuess target(TableGuess table) {
    List<ColumnGuess> usable =
        table.columns().stream().filter(it -> it.kind() != Kind.NOTHING).toList();
    if (usable.isEmpty()) {
      throw new InputException(table.path() + ": no column holds numbers or categories.");
    }
    return usable.stream()
        .filter(it -> TARGETS.contains(it.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse(usable.get(usable.size() - 1));
  }

  /** The plan, as YAML. */
  public String yaml() {
    boolean classes = target.isClass();
    List<ColumnGuess> features =
        table.columns().stream()
            .filter(it -> !it.equals(target) && it.kind() != Kind.NOTHING)
            .toList();
    var text = new StringBuilder();
    text.append("name: ").append(name()).append("\ndata:\n  train:\n    csv:\n");
    line(text, 6, "path", quoted(table.path()));
    if (classes) {
      line(text, 6, "label", quoted(target.name()));
    } else {
      line(text, 6, "targets", "[" + quoted(target.name()) + "]");
    }
    dialect(text);
    List<String> excluded = excluded();
    if (!excluded.isEmpty()) {
      line(text, 6, "exclude", list(excluded));
    }
    text.append("  validation: 0.2\n  normalize: standardize\n");
    if (!classes) {
      text.append("  standardizeTargets: true\n");
    }
    List<String> rules = rules(features, classes);
    if (!rules.isEmpty()) {
      text.append("  columns:\n");
      rules.forEach(rule -> text.append("    - ").append(rule).append('\n'));
    }
    int units = table.rows() < 2000 ? 16 : 32;
    int batch = table.rows() < 1000 ? 16 : 64;
    long epochs = Math.max(5, Math.min(150, (long) STEPS * batch / Math.max(1, table.rows())));
    text.append("model:\n  layers:\n");
    text.append("    - {dense: {units: %d, activation: relu}}\n".formatted(units));
    text.append("    - {dense: %d}\n".formatted(classes ? target.words().size() : 1));
    text.append("  optimizer: {adam: {learningRate: 0.003}}\n");
    text.append(
        "training: {batch: %d, epochs: %d, earlyStopping: {patience: %d}}\n"
            .formatted(batch, epochs, Math.max(3, epochs / 5)));
    text.append("run: {directory: runs/%s}\n".formatted(name()));
    return text.toString();
  }

  private void dialect(StringBuilder text) {
    CsvDialect dialect = table.dialect();
    if (!table.header()) {
      line(text, 6, "header", "false");
    }
    if (!dialect.delimiter().equals(",")) {
      line(
          text,
          6,
          "delimiter",
          dialect.blanks()
              ? "blanks"
              : dialect.delimiter().equals("\t") ? "tab" : quoted(dialect.delimiter()));
    }
    if (!dialect.quote().equals("\"")) {
      line(text, 6, "quote", quoted(dialect.quote()));
    }
    if (dialect.decimal() == ',') {
      line(text, 6, "decimal", "','");
    }
    if (!dialect.comment().isEmpty()) {
      line(text, 6, "comment", quoted(dialect.comment()));
    }
    if (!dialect.encoding().isEmpty()) {
      line(text, 6, "encoding", dialect.encoding());
    }
    if (!dialect.missing().isEmpty()) {
      line(text, 6, "missing", list(dialect.missing()));
    }
    if (dialect.ragged()) {
      line(text, 6, "ragged", "true");
    }
  }

  private List<String> excluded() {
    return table.columns().stream()
        .filter(it -> !it.equals(target) && it.kind() == Kind.NOTHING)
        .map(ColumnGuess::name)
        .toList();
  }

  private List<String> rules(List<ColumnGuess> features, boolean classes) {
    List<String> rules = new ArrayList<>();
    add(rules, features, Kind.CATEGORY, false, "category", "minCount: 5");
    add(rules, features, Kind.CATEGORY, true, "category", "minCount: 5, missing: category");
    add(rules, features, Kind.NUMBER, true, "number", "missing: median, indicator: true");
    if (target.missing() > 0) {
      rules.add(
          "{%s: %s, missing: drop}"
              .formatted(classes ? "category" : "number", list(List.of(target.name()))));
    }
    return rules;
  }

  private static void add(
      List<String> rules,
      List<ColumnGuess> features,
      Kind kind,
      boolean gaps,
      String word,
      String more) {
    List<String> columns =
        features.stream()
            .filter(it -> it.kind() == kind && it.missing() > 0 == gaps)
            .map(ColumnGuess::name)
            .toList();
    if (!columns.isEmpty()) {
      rules.add("{%s: %s, %s}".formatted(word, list(columns), more));
    }
  }

  private String name() {
    String file = table.path().substring(table.path().lastIndexOf('/') + 1);
    String name = file.replaceAll("\\.(csv|txt|tsv|data|gz|bz2|zst)", "");
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
    return plain.isEmpty() ? "table" : plain;
  }

  private static void line(StringBuilder text, int indent, String key, String value) {
    text.append(" ".repeat(indent)).append(key).append(": ").append(value).append('\n');
  }

  private static String list(List<String> values) {
    return values.stream().map(PlanProposal::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  /** A text as YAML has it: plain where nothing could be misread. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z_/][A-Za-z0-9_./-]*")
            && !text.matches("(?i)y|n|yes|no|on|off|true|false|null")
        ? text
        : "'" + text.replace("'", "''") + "'";
  }
}
