package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.data.source.series.SequencesSource;
import io.lockstep.data.source.series.SeriesSource;
import io.lockstep.data.source.series.SeriesSource.Bounds;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.model.ModelCard;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.SourceParser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The data that a user names for a trained model, understood by what is known of the model.
 *
 * @param plan beside the model, if there is one
 * @param card of the model
 */
record NamedData(Optional<Plan> plan, ModelCard card) {
  /** The plan beside a model, if there is one. */
  static Optional<Plan> planOf(String model, Configuration settings) throws IOException {
    Optional<String> file = ModelPath.plan(model, settings);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(PlanParser.parse(PlanFile.text(file.get(), settings), file.get(), List.of()));
  }

  /**
   * The examples that {@code examples} names: an embedded set, a source in braces, or a path to
   * what lies like the data of training.
   *
   * @throws InputException if it is none of these
   */
  ExampleSource of(String examples) {
    if (EmbeddedSource.names().contains(examples)) {
      boolean rows = card.shape().size() == 2;
      return new EmbeddedSource(examples, EmbeddedSource.Part.TEST, rows);
    }
    if (examples.strip().startsWith("{")) {
      return SourceParser.parse(examples, "--data");
    }
    Optional<ExampleSource> found =
        card.text().isPresent()
            ? texts(examples)
            : card.series()
                .<ExampleSource>map(
                    series -> new SeriesSource(examples, series.options(), Bounds.NONE))
                .or(() -> sequences(examples))
                .or(() -> card.sequences().map(it -> new SequencesSource(examples, it)))
                .or(() -> card.options().or(this::options).map(it -> table(examples, it)));
    return found.orElseThrow(() -> unknown(examples));
  }

  /** Sequences that lie as those of the plan beside the model do. */
  private Optional<ExampleSource> sequences(String examples) {
    return plan.map(it -> it.data().testSource().orElse(it.data().train()))
        .filter(SequencesSource.class::isInstance)
        .flatMap(it -> it.at(examples));
  }

  /** Texts that lie as those of the plan beside the model do, or in a table like its own. */
  private Optional<ExampleSource> texts(String examples) {
    TextOptions text = card.text().orElseThrow().options(card.input().labelsPerStep());
    return plan.flatMap(it -> it.data().testSource().orElse(it.data().train()).at(examples))
        .or(
            () ->
                card.options()
                    .map(it -> new TextCsvSource(examples, it, TextEncoding.UTF_8, text)));
  }

  /** A table in what its name says, else in what that of training lies in. */
  private ExampleSource table(String examples, CsvOptions options) {
    Optional<StoredTable> planned =
        plan.map(it -> it.data().train())
            .filter(StoredTable.class::isInstance)
            .map(StoredTable.class::cast);
    Optional<StoredTable.Kind> kind = StoredTable.Kind.ofName(examples);
    boolean text = examples.matches("(?i).*\\.(csv|tsv|txt|data)(\\.\\w+)?");
    if (planned.isPresent() && !text) {
      StoredTable.Place place = planned.get().place();
      return new StoredTable(
          kind.isPresent() && kind.get() != place.kind()
              ? StoredTable.Place.of(kind.get(), examples)
              : new StoredTable.Place(place.kind(), examples, place.schema(), place.settings()),
          options);
    }
    return kind.isPresent()
        ? new StoredTable(StoredTable.Place.of(kind.get(), examples), options)
        : new CsvSource(examples, options);
  }

  /** Of models whose cards do not know them yet. */
  private Optional<CsvOptions> options() {
    return plan.map(it -> it.data().testSource().orElse(it.data().train()))
        .filter(CsvSource.class::isInstance)
        .map(source -> ((CsvSource) source).options());
  }

  private static InputException unknown(String examples) {
    return new InputException(
        """
        --data %s is neither an embedded data set (%s) nor a table for a model that was trained on \
        one. Describe it as in a plan, such as --data '{idx: {images: PATH, labels: PATH}}' or \
        '{textWindows: {path: PATH, length: 100}}'.\
        """
            .formatted(examples, String.join(", ", EmbeddedSource.names())));
  }
}
