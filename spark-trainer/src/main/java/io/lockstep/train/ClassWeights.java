package io.lockstep.train;

import io.lockstep.config.Origins;
import io.lockstep.config.Spelling;
import io.lockstep.data.Labels;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.ingest.Dealt;
import io.lockstep.plan.ClassWeightsPlan;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By what the losses of the examples of each class are multiplied in training; never when a network
 * is measured.
 *
 * @param factors by the ids of the classes; empty if all are 1
 */
public record ClassWeights(List<Float> factors) implements Serializable {
  /** All are 1. */
  public static final ClassWeights NONE = new ClassWeights(List.of());

  private static final int SHOWN = 20;

  public ClassWeights {
    factors = List.copyOf(factors);
  }

  /**
   * Those of a plan for its data.
   *
   * @throws io.lockstep.data.InputException if the examples are not of one class each, or of other
   *     classes
   */
  static ClassWeights of(Optional<ClassWeightsPlan> plan, Dealt data, Origins origins) {
    if (plan.isEmpty()) {
      return NONE;
    }
    if (!data.hasOneClassEach()) {
      throw origins.problem(
          "training.classWeights",
          "is for examples of one class each, but the data has "
              + (data.labels() instanceof Labels.Several
                  ? "several outputs"
                  : data.labels() instanceof Labels.Classes
                      ? "a class for each time step"
                      : "numbers to be predicted"));
    }
    return plan.get().balanced()
        ? balanced(data.classCounts())
        : byName(plan.get(), data.labels().names(), origins);
  }

  /** n / (k count): the classes that have examples weigh alike, and the mean over all is 1. */
  private static ClassWeights balanced(List<Long> counts) {
    double examples = counts.stream().mapToLong(it -> it).sum();
    long classes = counts.stream().filter(it -> it > 0).count();
    return new ClassWeights(
        counts.stream().map(it -> it == 0 ? 1f : (float) (examples / (classes * it))).toList());
  }

  private static ClassWeights byName(ClassWeightsPlan plan, List<String> classes, Origins origins) {
    List<Float> factors = new ArrayList<>(Collections.nCopies(classes.size(), 1f));
    List<String> unknown = new ArrayList<>();
    plan.byName()
        .forEach(
            (name, factor) -> {
              int id = classes.indexOf(name);
              if (id < 0) {
                unknown.add(
                    name
                        + Spelling.nearest(name, classes)
                            .map(it -> " (did you mean %s?)".formatted(it))
                            .orElse(""));
              } else {
                factors.set(id, factor.floatValue());
              }
            });
    if (!unknown.isEmpty()) {
      throw origins.problem(
          "training.classWeights",
          "names %s, but the classes are %s"
              .formatted(
                  String.join(", ", unknown),
                  String.join(", ", classes.subList(0, Math.min(SHOWN, classes.size())))));
    }
    return new ClassWeights(factors);
  }

  /** Whether any is another than 1. */
  boolean any() {
    return factors.stream().anyMatch(it -> it != 1);
  }

  /** The minibatch with the weights of its examples times those of their classes. */
  Minibatch weighing(Minibatch batch) {
    if (factors.isEmpty()) {
      return batch;
    }
    int[] ids = batch.labels().get(0).ints();
    float[] weights = new float[batch.size()];
    for (int i = 0; i < weights.length; i++) {
      float own = batch.weights() == null ? 1 : batch.weights()[i];
      weights[i] = own * factors.get(ids[i]);
    }
    return new Minibatch(batch.size(), batch.inputs(), batch.labels(), batch.references(), weights);
  }

  /** What they are, in a sentence; empty if all are 1. */
  Optional<String> described(List<String> classes, List<Long> counts) {
    if (factors.isEmpty()) {
      return Optional.empty();
    }
    List<String> each = new ArrayList<>();
    for (int id = 0; id < Math.min(SHOWN, factors.size()); id++) {
      String count = counts.isEmpty() ? "" : String.format(Locale.ROOT, " (%,d)", counts.get(id));
      each.add(String.format(Locale.ROOT, "%s %.4g%s", classes.get(id), factors.get(id), count));
    }
    return Optional.of(
        "weights of classes: "
            + String.join(", ", each)
            + (factors.size() > SHOWN
                ? String.format(Locale.ROOT, ", and %,d more", factors.size() - SHOWN)
                : ""));
  }
}
