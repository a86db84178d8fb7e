package io.lockstep.config;

import java.util.Arrays;
import java.util.List;

/** The metrics that evaluation computes, by the names users write. */
public enum MetricName {
  LOSS("loss", false),
  ACCURACY("accuracy", true),
  TOP_K_ACCURACY("topKAccuracy", true),
  PRECISION("precision", true),
  RECALL("recall", true),
  F1("f1", true),
  AUC("auc", true),
  MSE("mse", false),
  RMSE("rmse", false),
  MAE("mae", false),
  R2("r2", true);

  private final String word;
  private final boolean largerIsBetter;

  MetricName(String word, boolean largerIsBetter) {
    this.word = word;
    this.largerIsBetter = largerIsBetter;
  }

  /** As users write it. */
  public String word() {
    return word;
  }

  /** Whether training should make it larger. */
  public boolean largerIsBetter() {
    return largerIsBetter;
  }

  /** All names, as users write them. */
  public static List<String> words() {
    return Arrays.stream(values()).map(MetricName::word).toList();
  }

  /**
   * The metric that users call {@code word}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MetricName of(String word) {
    return Arrays.stream(values())
        .filter(metric -> metric.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word + " is not one of " + words()));
  }
}
