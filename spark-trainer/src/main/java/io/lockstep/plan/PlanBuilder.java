package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Problems;
import io.lockstep.config.Reading;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import io.lockstep.config.YamlText;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan made by a program, in the words of a plan file: what is not set has the same default.
 *
 * <p>Sources, layers, loss and optimizer are pieces of YAML as a plan has them, such as {@code
 * "dense: {units: 10, activation: softmax}"}; docs/configuration.md lists them. All of it is read
 * by the same keys as a file, so the same values are refused with the same words, all at once, by
 * {@link #build}. Not thread-safe.
 */
public final class PlanBuilder {
  private static final String ORIGIN = "code";

  private final Problems problems = new Problems("the plan");
  private Yaml root = Yaml.Mapping.empty(ORIGIN);

  private PlanBuilder() {}

  /** A plan with a name, which its run directory and its reports bear. */
  public static PlanBuilder named(String name) {
    return new PlanBuilder().put("name", Types.scalarOf(name));
  }

  /**
   * A plan that begins with what a plan file holds.
   *
   * @param yaml the text of the file; what is wrong with it is told by {@link #build}
   */
  public static PlanBuilder of(String yaml) {
    var builder = new PlanBuilder();
    builder.root = YamlText.value(yaml, ORIGIN, builder.problems);
    return builder;
  }

  /** Sets the seed of every random choice. */
  public PlanBuilder seed(long seed) {
    return set("seed", seed);
  }

  /** Sets {@code data.train}, such as {@code "csv: {path: a.csv, label: y}"}. */
  public PlanBuilder train(String source) {
    return set("data.train", source);
  }

  /** Sets {@code data.train}. */
  public PlanBuilder train(ExampleSource source) {
    return put("data.train", PlanKeys.TRAIN_SOURCE.write(source, "data.train", Origins.NONE));
  }

  /** Sets {@code data.test}. */
  public PlanBuilder test(String source) {
    return set("data.test", source);
  }

  /** Sets {@code data.test}. */
  public PlanBuilder test(ExampleSource source) {
    return put("data.test", PlanKeys.TEST_SOURCE.write(source, "data.test", Origins.NONE));
  }

  /** Sets {@code data.test}: the fraction of the training source that is held out, (0, 1). */
  public PlanBuilder test(double fraction) {
    return set("data.test", fraction);
  }

  /** Sets the fraction of the training examples that is held out, [0, 1). */
  public PlanBuilder validation(double fraction) {
    return set("data.validation", fraction);
  }

  /** Sets what is done to features before they reach the network. */
  public PlanBuilder normalize(DataPlan.Normalization how) {
    return set("data.normalize", Types.camelCase(how));
  }

  /** Sets the layers from input to output, each as an item of {@code model.layers}. */
  public PlanBuilder layers(String... layers) {
    List<Yaml> items = new ArrayList<>();
    for (String layer : layers) {
      items.add(YamlText.value(layer, ORIGIN, problems));
    }
    return put("model.layers", new Yaml.Sequence(List.copyOf(items), ORIGIN));
  }

  /** Sets what the network is for, such as {@code "classification"}; else the data says it. */
  public PlanBuilder task(String task) {
    return set("model.task", task);
  }

  /** Sets what training makes smaller, such as {@code "mse"}; else the task decides. */
  public PlanBuilder loss(String loss) {
    return set("model.loss", loss);
  }

  /** Sets the inner optimizer, such as {@code "adam: {learningRate: 0.001}"}. */
  public PlanBuilder optimizer(String optimizer) {
    return set("model.optimizer", optimizer);
  }

  /** Sets what is merged in a round. */
  public PlanBuilder mode(TrainingPlan.Mode mode) {
    return set("training.mode", Types.camelCase(mode));
  }

  /** Sets the number of logical workers. */
  public PlanBuilder replicas(int replicas) {
    return set("training.replicas", replicas);
  }

  /** Sets the examples of one minibatch of one replica. */
  public PlanBuilder batch(int examples) {
    return set("training.batch", examples);
  }

  /** Sets the minibatches a replica takes between two rounds. */
  public PlanBuilder localSteps(int steps) {
    return set("training.localSteps", steps);
  }

  /** Sets the passes over the training examples. */
  public PlanBuilder epochs(int epochs) {
    return set("training.epochs", epochs);
  }

  /** Bytes of its shard that a replica holds and shuffles together; 64 MiB if not said. */
  public PlanBuilder shuffleWindow(long bytes) {
    return set("training.shuffleWindow", bytes);
  }

  /** Sets the run directory, any Hadoop path. */
  public PlanBuilder directory(String path) {
    return put("run.directory", Types.scalarOf(path));
  }

  /**
   * Sets any key, as {@code --set key=value} does.
   *
   * @param key such as {@code training.earlyStopping}
   * @param value a number, or a piece of YAML such as {@code "{patience: 3}"}
   */
  public PlanBuilder set(String key, Object value) {
    String text = String.valueOf(value);
    if (text.isBlank()) {
      problems.add(ORIGIN, key + " is set to nothing; give a value, or \"null\" for the default");
      return this;
    }
    return put(key, YamlText.value(text, ORIGIN, problems));
  }

  private PlanBuilder put(String key, Yaml value) {
    root = put(root, Arrays.asList(key.split("\\.", -1)), value);
    return this;
  }

  private static Yaml put(Yaml at, List<String> path, Yaml value) {
    if (path.isEmpty()) {
      return value;
    }
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    if (at instanceof Yaml.Mapping mapping) {
      entries.putAll(mapping.entries());
    }
    String name = path.get(0);
    Yaml.Entry former = entries.get(name);
    Yaml below = former == null ? Yaml.Mapping.empty(ORIGIN) : former.value();
    Yaml fresh = put(below, path.subList(1, path.size()), value);
    entries.put(name, new Yaml.Entry(ORIGIN, fresh));
    return new Yaml.Mapping(entries, ORIGIN);
  }

  /**
   * The plan.
   *
   * @throws InputException with all that is wrong with it
   */
  public Plan build() {
    problems.throwIfAny();
    Problems found = new Problems("the plan");
    Reading reading = new Reading(found, PlanKeys::placeOf);
    var plan = PlanKeys.PLAN.read(root, "", reading);
    found.throwIfAny();
    return plan.orElseThrow();
  }
}
