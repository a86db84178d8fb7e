package io.lockstep.plan;

import io.lockstep.config.Key;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Union;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes docs/configuration.md from the declarations of the keys. */
public final class ConfigurationReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from the declarations of the keys; to renew it:
           scripts/lockstep config --docs > docs/configuration.md -->

      A plan is a YAML file. `lockstep config plan.yaml` prints it with all defaults, each value with
      its origin (file and line, command line, default); `--layers` prints the network. Every problem
      of a file is reported at once, with its line.

      **Overrides.** `--set training.epochs=5` replaces a value; the part after `=` is YAML. Layers are
      counted from 0: `--set model.layers.3.dropout.rate=0.2`.

      **Words.** Where one of several words is wanted (a layer, an optimizer, an activation), its keys
      are indented below it: `adam: {learningRate: 0.01}`. Without keys of its own the bare word will
      do: `optimizer: adam`. Some words take a bare value for their most important key:
      `dropout: 0.5` is `dropout: {rate: 0.5}`.

      **Paths** are Hadoop paths. A scheme (`hdfs:`, `s3a:`, `file:`) is taken as it is. Without one,
      Hadoop's default file system and its working folder decide, as with `spark-submit`: on a laptop
      the folder in which lockstep is called, on a cluster usually the user's home on HDFS. They are
      not seen from the plan's folder. The plan file itself is a local file unless it has a scheme.

      **What decides the result.** Everything but `name` and `run`. A run is resumed only with a plan
      that is equal in all of that.

      """;

  private final StringBuilder out = new StringBuilder(HEAD);

  private ConfigurationReference() {}

  /** The page, in Markdown. */
  public static String markdown() {
    var page = new ConfigurationReference();
    page.plan();
    page.model();
    return page.out.toString().stripTrailing() + "\n";
  }

  private void plan() {
    section("Top level", "", PlanKeys.PLAN);
    section("data", "data.", PlanKeys.DATA);
    union("Sources: data.train and data.test", PlanKeys.TRAIN_SOURCE);
    out.append("In `data.test`, an embedded set's `part` defaults to `test`.\n\n");
    section("inputs", "", PortKeys.INPUT);
    section("outputs", "", PortKeys.OUTPUT);
    section("columns", "", ColumnKeys.COLUMN);
    section("training", "training.", PlanKeys.TRAINING);
    section("training.outer", "training.outer.", PlanKeys.OUTER);
    section("training.earlyStopping", "training.earlyStopping.", PlanKeys.EARLY_STOPPING);
    section("evaluation", "evaluation.", PlanKeys.EVALUATION);
    section("compute", "compute.", PlanKeys.COMPUTE);
    section("run", "run.", PlanKeys.RUN);
  }

  private void model() {
    var model = (ModelType) ModelKeys.MODEL;
    section("model", "model.", model.layered());
    out.append("In place of all these keys, `model: {dl4j: network.json}` takes a file:\n\n");
    section("model.dl4j", "model.dl4j.", model.file());
    union("Layers", ModelKeys.LAYER);
    union("Activations", FunctionKeys.ACTIVATION);
    union("Initializers", FunctionKeys.INITIALIZER);
    tasks();
    out.append("## Losses\n\n");
    out.append("The mean over the examples of a minibatch; for one example:\n\n");
    out.append("| loss | |\n|---|---|\n");
    for (LossPlan loss : LossPlan.values()) {
      out.append("| `")
          .append(loss.word())
          .append("` | ")
          .append(cell(loss.formula()))
          .append(" |\n");
    }
    out.append('\n');
    union("Optimizers", ModelKeys.OPTIMIZER);
    union("Learning rates", ModelKeys.LEARNING_RATE);
    out.append(
        """
        Tables: DL4J has no cosine, one-cycle or savable warm-up, and its polynomial grows. So
        `polynomial`, `cosine`, `warmup` and `oneCycle` become tables of at most 400 points in the
        model file, each rate holding until the next point; a model so trained loads in plain DL4J.

        """);
    section("model.regularization", "model.regularization.", ModelKeys.REGULARIZATION);
    union("model.gradientClipping", ModelKeys.CLIPPING);
  }

  private void tasks() {
    out.append(
        """
        ## Tasks

        What the network is for. A plan that says it is refused if its data has something else; one that
        does not has the task of its data. The task decides what the plan leaves out:

        - `model.loss` is the first of those below. Two classes told apart by one output have
          `binaryCrossentropy`: with `units: 1`, and where the last `dense` has neither units nor an
          activation.
        - The last `dense` has as many units as there are classes, targets or tokens. If it ends in
          `linear`, it gets the activation that the loss needs: `softmax`, or `sigmoid` for
          `binaryCrossentropy`. A plan that has a `loss` and no `task` says its activation itself.

        [evaluation.md](evaluation.md) says what is measured of each.

        | task | the data has | losses |
        |---|---|---|
        """);
    for (TaskPlan task : TaskPlan.values()) {
      out.append("| `%s` | %s | %s |\n".formatted(task.word(), task.data(), task.lossWords()));
    }
    out.append('\n');
  }

  private void section(String title, String prefix, Section<?> section) {
    out.append("## ").append(title).append("\n\n");
    if (!section.doc().isEmpty()) {
      out.append(section.doc()).append("\n\n");
    }
    keys(prefix, section);
  }

  private void keys(String prefix, Section<?> section) {
    if (section.keys().isEmpty()) {
      return;
    }
    out.append("| key | value | default | |\n|---|---|---|---|\n");
    for (Key<?> key : section.keys()) {
      out.append("| `")
          .append(prefix)
          .append(key.name())
          .append("` | ")
          .append(cell(key.type().describe()))
          .append(" | ")
          .append(defaultOf(key))
          .append(" | ")
          .append(cell(key.doc()))
          .append(" |\n");
    }
    section
        .refused()
        .forEach(
            (key, why) ->
                out.append("| ~~`" + prefix + key + "`~~ | | | ")
                    .append(cell(why))
                    .append(". |\n"));
    out.append('\n');
  }

  private static String defaultOf(Key<?> key) {
    return switch (key.presence()) {
      case REQUIRED -> "**required**";
      case OPTIONAL -> "absent";
      case DEFAULT -> "`" + key.defaultText() + "`";
    };
  }

  private void union(String title, Type<?> type) {
    Union<?> union = (Union<?>) type;
    out.append("## ").append(title).append("\n\n");
    union
        .bare()
        .ifPresent(
            bare ->
                out.append("A ")
                    .append(bare.body().describe())
                    .append(": ")
                    .append(bare.doc())
                    .append("\n\n"));
    List<String> detailed = new ArrayList<>();
    out.append("| word | |\n|---|---|\n");
    for (Map.Entry<String, ? extends Union.Option<?>> option : union.options().entrySet()) {
      String word = option.getKey();
      boolean keys = option.getValue().section().stream().anyMatch(s -> !s.keys().isEmpty());
      if (keys) {
        detailed.add(word);
      }
      out.append("| ")
          .append(keys ? "[`" + word + "`](#" + anchor(word) + ")" : "`" + word + "`")
          .append(" | ")
          .append(cell(option.getValue().doc()))
          .append(" |\n");
    }
    union
        .refused()
        .forEach(
            (word, why) -> out.append("| ~~`" + word + "`~~ | ").append(cell(why)).append(". |\n"));
    out.append('\n');
    for (String word : detailed) {
      Section<?> section = union.options().get(word).section().orElseThrow();
      out.append("### ").append(word).append("\n\n");
      section
          .shorthand()
          .ifPresent(
              key ->
                  out.append(
                      "`"
                          + word
                          + ": value` is short for `"
                          + word
                          + ": {"
                          + key
                          + ": value}`.\n\n"));
      keys("", section);
    }
  }

  private static String anchor(String word) {
    return word.toLowerCase(java.util.Locale.ROOT);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
