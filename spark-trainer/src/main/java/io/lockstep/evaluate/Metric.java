package io.lockstep.evaluate;

import io.lockstep.data.InputException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A figure of merit that a plan can name, such as in early stopping. */
public enum Metric {
  /** Mean loss of an example, plus regularisation. */
  LOSS("loss", false),
  /** Share of examples (or of yes-no decisions) that are right. */
  ACCURACY("accuracy", true),
  /** Share of those predicted to be of a class that are; see {@link EvaluationResult}. */
  PRECISION("precision", true),
  /** Share of those of a class that are predicted to be; see {@link EvaluationResult}. */
  RECALL("recall", true),
  /** Harmonic mean of precision and recall; see {@link EvaluationResult}. */
  F1("f1", true),
  /** Mean recall of the classes that have examples. */
  BALANCED_ACCURACY("balancedAccuracy", true),
  /** Matthews' correlation of classes and predictions, from -1 to 1. */
  MCC("mcc", true),
  /** Share of examples whose class is among the k highest outputs. */
  TOP_K("topK", true),
  /** Area under the receiver operating characteristic. */
  AUC("auc", true),
  /** Area under the precision-recall curve. */
  AUPRC("auprc", true),
  /** Mean precision over all that are yes, each at its own output as threshold. */
  AVERAGE_PRECISION("averagePrecision", true),
  /** Mean squared difference of the output for yes from 1 or 0. */
  BRIER("brier", false),
  /** Mean squared error, mean over columns. */
  MSE("mse", false),
  /** Mean absolute error, mean over columns. */
  MAE("mae", false),
  /** Root of the mean squared error, mean over columns. */
  RMSE("rmse", false),
  /** Coefficient of determination, mean over columns. */
  R2("r2", true),
  /** Mean absolute error in units of that of the naive one-step forecast on the training part. */
  MASE("mase", false),
  /** Mean absolute error of the naive forecast, mean over columns. */
  NAIVE_MAE("naiveMae", false),
  /** Root of the naive forecast's mean squared error, mean over columns. */
  NAIVE_RMSE("naiveRmse", false),
  /** The naive forecast's mean absolute scaled error. */
  NAIVE_MASE("naiveMase", false),
  /** Mean negative logarithm of the right token's probability, in nats. */
  CROSS_ENTROPY("crossEntropy", false),
  /** Exponential of the cross-entropy: among how many tokens the model hesitates. */
  PERPLEXITY("perplexity", false),
  /** Cross-entropy in bits: bits per character where tokens are characters. */
  BITS_PER_TOKEN("bitsPerToken", false);

  private final String word;
  private final boolean largerIsBetter;

  Metric(String word, boolean largerIsBetter) {
    this.word = word;
    this.largerIsBetter = largerIsBetter;
  }

  /** The metric called {@code word}; throws {@link InputException} that lists the known ones. */
  public static Metric of(String word) {
    for (Metric metric : values()) {
      if (metric.word.equals(word)) {
        return metric;
      }
    }
    throw new InputException(
        "Unknown metric '%s'; known are %s".formatted(word, words(Arrays.asList(values()))));
  }

  /** The metric of {@code churn.accuracy}, or of a bare {@code accuracy}. */
  public static Metric ofOutput(String word) {
    return of(word.substring(word.lastIndexOf('.') + 1));
  }

  /**
   * Whether a larger value of the metric called {@code word} is the better one; it may be that of
   * one of several outputs, {@code churn.accuracy}.
   */
  public static boolean largerIsBetter(String word) {
    return ofOutput(word).largerIsBetter();
  }

  /** Whether training changes it: the naive forecast stays what it is, so nothing watches it. */
  public boolean ofTheNetwork() {
    return this != NAIVE_MAE && this != NAIVE_RMSE && this != NAIVE_MASE;
  }

  static String words(Iterable<Metric> metrics) {
    return StreamSupport.stream(metrics.spliterator(), false)
        .map(Metric::word)
        .collect(Collectors.joining(", "));
  }

  /** How plans, tables and files call it. */
  public String word() {
    return word;
  }

  /** Whether a larger value is the better one. */
  public boolean largerIsBetter() {
    return largerIsBetter;
  }
}
