package io.lockstep.plan;

import static io.lockstep.plan.LossPlan.BINARY_CROSSENTROPY;
import static io.lockstep.plan.LossPlan.CATEGORICAL_CROSSENTROPY;
import static io.lockstep.plan.LossPlan.COSINE_SIMILARITY;
import static io.lockstep.plan.LossPlan.KL_DIVERGENCE;
import static io.lockstep.plan.LossPlan.MAE;
import static io.lockstep.plan.LossPlan.MAPE;
import static io.lockstep.plan.LossPlan.MSE;
import static io.lockstep.plan.LossPlan.MSLE;
import static io.lockstep.plan.LossPlan.POISSON;

import io.lockstep.config.Types;
import java.util.List;
import java.util.stream.Collectors;

/** What a network is for: a word for what its data has, and for the losses that suit it. */
public enum TaskPlan {
  CLASSIFICATION("a class for each example"),
  REGRESSION("numbers to be predicted for each example or time step"),
  LANGUAGE_MODEL("running text, whose next tokens are foretold"),
  SEQUENCE_CLASSIFICATION("a class for each sequence"),
  SEQUENCE_LABELLING("a class for each time step"),
  FORECASTING("windows of series, whose next steps are foretold");

  private final String data;

  TaskPlan(String data) {
    this.data = data;
  }

  /** As users write it. */
  public String word() {
    return Types.camelCase(this);
  }

  /** What the data has for each example. */
  public String data() {
    return data;
  }

  /** The losses that suit it; the first is that of plans that name none. */
  public List<LossPlan> losses() {
    return switch (this) {
      case CLASSIFICATION, SEQUENCE_CLASSIFICATION, SEQUENCE_LABELLING ->
          List.of(CATEGORICAL_CROSSENTROPY, BINARY_CROSSENTROPY, KL_DIVERGENCE, MSE);
      case LANGUAGE_MODEL -> List.of(CATEGORICAL_CROSSENTROPY, KL_DIVERGENCE);
      case REGRESSION ->
          List.of(MSE, MAE, MAPE, MSLE, POISSON, COSINE_SIMILARITY, BINARY_CROSSENTROPY);
      case FORECASTING -> List.of(MAE, MSE, MAPE, MSLE, POISSON);
    };
  }

  /** Whether it tells classes apart, tokens among them. */
  public boolean hasClasses() {
    return this != REGRESSION && this != FORECASTING;
  }

  /** The words of {@link #losses}. */
  String lossWords() {
    return losses().stream().map(LossPlan::word).collect(Collectors.joining(", "));
  }
}
