package io.lockstep.train;

import io.lockstep.config.DataPlan.Normalization;
import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.ExampleSource;
import io.lockstep.data.IndexRange;
import io.lockstep.data.InputException;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Shards;
import io.lockstep.data.SourceSummary;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import io.lockstep.model.ModelFile;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A trained network that is to be measured on examples of its own choice.
 *
 * <p>The examples are cut into pieces whose number depends on nothing but their count, and the
 * tallies are merged in the order of the pieces: the same bits on every cluster.
 *
 * @param workload with the network, and the examples as its test part
 * @param normalizer of its features
 * @param state of the network
 */
public record ModelEvaluation(Workload workload, Normalizer normalizer, TrainingState state) {
  private static final int EXAMPLES_PER_PIECE = 2048;
  private static final int MOST_PIECES = 64;

  /**
   * How it is to be measured.
   *
   * @param topK k of top-k accuracy, 1 for none
   * @param batch examples of one forward pass
   */
  public record Settings(int topK, int batch) {}

  /**
   * Fits the network and the examples together.
   *
   * @throws InputException if they do not
   * @throws IOException if the file system fails
   */
  public static ModelEvaluation of(
      ModelFile model, ExampleSource source, Settings settings, Configuration hadoop)
      throws IOException {
    ExampleSource labelled = source.withLabels(model.card().labels());
    SourceSummary found = labelled.inspect(hadoop);
    int[] shape = model.card().shape().stream().mapToInt(Integer::intValue).toArray();
    if (!IntStream.of(found.shape()).boxed().toList().equals(model.card().shape())) {
      throw new InputException(
          "the model takes examples of shape %s, the data has %s: give data like that of training"
              .formatted(model.card().shape(), IntStream.of(found.shape()).boxed().toList()));
    }
    if (found.examples() < 1) {
      throw new InputException("the data has no examples: there is nothing to evaluate");
    }
    int outputs = model.card().labels().widthFor(Probe.outputs(model.networks(), shape));
    Task task = Task.of(model.card().labels(), outputs);
    if (settings.topK() > 1 && (task != Task.CLASSIFICATION || settings.topK() > outputs)) {
      throw new InputException(
          "top-%d accuracy needs more than %d classes, but the model has %d output(s)"
              .formatted(settings.topK(), settings.topK() - 1, outputs));
    }
    int pieces = pieces(found.examples());
    var schedule = new EpochSchedule(found.examples(), pieces, settings.batch(), 1);
    var workload =
        new Workload(
            new LocalSteps(0, Mode.AVERAGING, schedule),
            OuterOptimizer.PLAIN,
            model.networks(),
            new TestExamples(labelled, found.examples(), pieces),
            Normalization.NONE,
            new EvaluationSpec(task, outputs, settings.topK()),
            settings.batch());
    return new ModelEvaluation(workload, model.card().normalizer(), model.state());
  }

  private static int pieces(int examples) {
    return Math.min(MOST_PIECES, 1 + (examples - 1) / EXAMPLES_PER_PIECE);
  }

  /** Measures piece after piece in this thread. */
  public EvaluationAccumulator run(Configuration hadoop) throws IOException {
    var measured = new EvaluationAccumulator(workload.evaluation());
    try (var workbench = new Workbench(workload, normalizer)) {
      for (int k = 0; k < workload.replicas(); k++) {
        ExampleBlock piece = workload.examples().read(hadoop, Part.TEST, k);
        measured.merge(workbench.evaluate(piece, state));
      }
    }
    return measured;
  }

  /**
   * Examples that are only evaluated.
   *
   * @param source with the labels of the model
   * @param examples in it
   * @param pieces they are cut into
   */
  private record TestExamples(ExampleSource source, int examples, int pieces) implements Examples {
    private static final long serialVersionUID = 1L;

    @Override
    public int count(Part part) {
      return part == Part.TEST ? examples : 0;
    }

    @Override
    public ExampleBlock read(Configuration hadoop, Part part, int k) throws IOException {
      if (part != Part.TEST) {
        throw new IllegalArgumentException("an evaluation has no " + part + " examples");
      }
      IndexRange range = Shards.range(examples, pieces, k);
      return source.read(hadoop, IntStream.range(range.from(), range.to()).toArray());
    }
  }
}
