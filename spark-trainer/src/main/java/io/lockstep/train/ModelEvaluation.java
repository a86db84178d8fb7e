package io.lockstep.train;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.Dealt;
import io.lockstep.model.ModelFile;
import io.lockstep.model.NetworkInput;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * A trained network that is to be measured on examples of its own choice.
 *
 * <p>The examples are cut into pieces whose number depends on nothing but their count, and the
 * tallies are merged in the order of the pieces: the same bits on every cluster.
 *
 * @param model the network, and what it takes
 * @param source of the examples
 * @param settings how it is to be measured
 */
public record ModelEvaluation(ModelFile model, ExampleSource source, Settings settings) {
  private static final int EXAMPLES_PER_PIECE = 2048;
  private static final int MOST_PIECES = 64;

  /**
   * How it is to be measured.
   *
   * @param topK k of top-k accuracy, 1 for none
   * @param batch examples of one forward pass
   * @param threshold above which an output for yes is one; empty for that of the model
   */
  public record Settings(int topK, int batch, OptionalDouble threshold) {
    /** As the model decides. */
    public Settings(int topK, int batch) {
      this(topK, batch, OptionalDouble.empty());
    }
  }

  /**
   * Measures at {@code place}.
   *
   * @throws InputException if network and examples do not fit each other
   * @throws IOException if the file system fails
   */
  public EvaluationResult run(Place place) throws IOException {
    ExampleSource labelled = LikeTraining.source(model.card(), source);
    try (LoadedData data =
        place.load(
            labelled,
            model.card().preparation(),
            ModelEvaluation::pieces,
            model.card().streams().orElse(1))) {
      return data.measure(work(data.dealt()), model.state())
          .result(model.card().labels())
          .withSkipped(data.dealt().settled().skipped());
    }
  }

  private EvaluationWork work(Dealt data) {
    NetworkInput taken = model.card().input();
    NetworkInput given = NetworkInput.of(data.schema(), data.vocabulary());
    if (!given.isLike(taken)) {
      throw new InputException(
          "the model takes %s, the data has %s: give data like that of training"
              .formatted(taken.described(), given.described()));
    }
    Labels labels = model.card().labels();
    EvaluationSpec spec =
        Measured.of(
            data.schema(),
            labels,
            Probe.outputs(model.networks(), data.feeding()),
            model.card().isLanguageModel(),
            settings.topK(),
            Float.NaN,
            unfit ->
                new InputException(
                    "top-%d accuracy needs more than %d classes, but the model has %d output(s)"
                        .formatted(settings.topK(), settings.topK() - 1, unfit.width())));
    if (settings.threshold().isPresent() && !spec.isYesNo()) {
      throw new InputException(
          "a threshold is for one output with two classes, which this model has not");
    }
    var usual =
        new EvaluationWork(
            model.networks(),
            data.feeding(),
            spec,
            model.card().streams().orElse(settings.batch()),
            model.card().streams().isPresent());
    return usual.withThreshold(
        settings.threshold().isPresent() ? settings.threshold() : model.card().threshold());
  }

  private static int pieces(long examples) {
    return (int) Math.min(MOST_PIECES, 1 + (examples - 1) / EXAMPLES_PER_PIECE);
  }
}
