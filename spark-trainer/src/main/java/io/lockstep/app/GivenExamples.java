package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.model.ModelCard;
import io.lockstep.plan.Plan;
import io.lockstep.spark.RddSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The examples that a use-case was given for a trained model.
 *
 * @param source of them, if it was given
 * @param words of the user that name them, if there is no source
 * @param badRecords what becomes of records that cannot be used, if it was said
 */
record GivenExamples(
    Optional<ExampleSource> source, Optional<String> words, Optional<BadRecords> badRecords) {
  static final GivenExamples NONE =
      new GivenExamples(Optional.empty(), Optional.empty(), Optional.empty());

  GivenExamples with(ExampleSource examples) {
    return new GivenExamples(Optional.of(examples), Optional.empty(), badRecords);
  }

  GivenExamples with(String examples) {
    return new GivenExamples(Optional.empty(), Optional.of(examples), badRecords);
  }

  GivenExamples with(BadRecords policy) {
    return new GivenExamples(source, words, Optional.of(policy));
  }

  /**
   * Their source, understood by what is known of the model.
   *
   * @param plan beside the model, if there is one
   * @param otherwise the source if none was given
   * @throws InputException if they do not suit the model
   */
  ExampleSource of(Optional<Plan> plan, ModelCard card, Supplier<ExampleSource> otherwise) {
    ExampleSource examples =
        source
            .map(it -> understood(it, card))
            .or(() -> words.map(it -> new NamedData(plan, card).of(it)))
            .orElseGet(otherwise);
    return examples.withBadRecords(
        badRecords.or(() -> plan.flatMap(it -> it.data().badRecords())).orElse(BadRecords.FAIL));
  }

  /** A data set of which nothing was said is read as the table of training was. */
  private static ExampleSource understood(ExampleSource source, ModelCard card) {
    if (!(source instanceof RddSource<?> rows) || rows.isUnderstood()) {
      return source;
    }
    CsvOptions options =
        card.options()
            .orElseThrow(
                () ->
                    new InputException(
                        "the model was not trained on a table: a data set of Spark does not suit"
                            + " it"));
    return rows.understood(options);
  }
}
