package io.lockstep.app;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.csv.CsvDialect;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.csv.TableInput;
import io.lockstep.data.source.csv.TableOutput;
import io.lockstep.data.source.series.SequencesOptions;
import io.lockstep.data.source.series.SequencesSource;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.Threshold;
import io.lockstep.model.Blueprint;
import io.lockstep.model.ModelCard;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ThresholdPlan;
import io.lockstep.run.Patience;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunEvent;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.run.RunSession;
import io.lockstep.train.Engine;
import io.lockstep.train.EvaluationWork;
import io.lockstep.train.LoadedData;
import io.lockstep.train.Lockstep;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.RoundPace;
import io.lockstep.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What is done when training is over: the model is written and tested, the end recorded.
 *
 * @param data of the run
 * @param name of the run directory, as the user wrote it
 * @param notes told what the user should know
 */
record Completion(
    PreparedRun run,
    Engine engine,
    LoadedData data,
    RunDirectory directory,
    RunSession session,
    String name,
    SparkChoice spark,
    Consumer<String> notes) {
  TrainedModel of(Trainer.Result result) throws IOException {
    Optional<EvaluationResult> test = Optional.empty();
    if (result.outcome() != Outcome.STOPPED) {
      OptionalDouble threshold = threshold(result);
      writeModel(result, threshold);
      if (run.data().count(Part.TEST) > 0) {
        test = Optional.of(test(result, threshold));
      }
    }
    Position end = result.end().position();
    Integer kept = result.end().patience().best().map(Patience.Best::epoch).orElse(null);
    Optional<RoundPace> pace = engine.pace();
    if (pace.isPresent()) {
      RoundPace it = pace.get();
      session.record(new RunEvent.Pace(it.rounds(), it.seconds(), it.working()));
    }
    Optional<RunEvent.Predicted> predicted = Prediction.of(run, data.workers(), pace, end);
    if (predicted.isPresent()) {
      session.record(predicted.get());
    }
    session.end(new RunEvent.Ended(result.outcome(), end.round(), end.seconds(), "", kept));
    return new TrainedModel(
        name, directory, spark, result.outcome(), end, test, Optional.ofNullable(kept));
  }

  /** The threshold of the model: given by the plan, or chosen on the validation part. */
  private OptionalDouble threshold(Trainer.Result result) {
    Optional<ThresholdPlan> plan = run.plan().evaluation().threshold();
    if (plan.isEmpty() || plan.get().best().isEmpty()) {
      return plan.stream().mapToDouble(ThresholdPlan::given).findFirst();
    }
    Threshold.Goal goal = plan.get().best().get();
    Optional<Threshold> best = engine.evaluate(result.model(), Part.VALIDATION).best(goal);
    notes.accept(
        best.map(
                it ->
                    String.format(
                        Locale.ROOT,
                        "threshold %s: %s is best there on the validation part, %.4f",
                        it.value(),
                        goal.metric().word(),
                        it.worth()))
            .orElse("no threshold is better than another on the validation part: it stays 0.5"));
    return best.stream().mapToDouble(Threshold::value).findFirst();
  }

  private void writeModel(Trainer.Result result, OptionalDouble threshold) throws IOException {
    ModelCard card =
        new ModelCard(
            run.fingerprint(),
            Lockstep.version(),
            run.input(),
            run.data().labels(),
            run.data().preparation(),
            table(),
            run.plan().training().carries()
                ? OptionalInt.of(run.plan().training().batch())
                : OptionalInt.empty(),
            run.data().settled().layout().series(),
            sequences(),
            run.masked(),
            threshold);
    Blueprint blueprint = (Blueprint) run.workload().networks();
    session.writeModel(file -> ModelFile.write(blueprint, result.model(), card, file));
  }

  /** How the model's examples were read, so that others can be without the plan. */
  private Optional<ModelCard.Table> table() {
    ExampleSource train = run.plan().data().train();
    Optional<CsvOptions> options =
        train instanceof CsvSource csv
            ? Optional.of(csv.options())
            : train instanceof StoredTable stored
                ? Optional.of(stored.options())
                : train instanceof TextCsvSource text
                    ? Optional.of(text.table())
                    : Optional.empty();
    SourceLayout layout = run.data().settled().layout();
    return options.map(it -> ModelCard.Table.of(it, layout.columns())).or(() -> ofDataSet(layout));
  }

  /** How tables of labelled sequences were read; one whose labels lie elsewhere says too little. */
  private Optional<SequencesOptions> sequences() {
    List<String> columns = run.data().settled().layout().columns();
    return run.plan().data().train() instanceof SequencesSource train
            && train.options().labelsFile().isEmpty()
        ? Optional.of(train.options().with(columns, List.of()))
        : Optional.empty();
  }

  /** Of columns of a data set: a file with such a header is alike, or another data set. */
  private Optional<ModelCard.Table> ofDataSet(SourceLayout layout) {
    Schema schema = layout.schema();
    if (layout.columns().isEmpty() || schema.inputs().stream().anyMatch(Field::sequence)) {
      return Optional.empty();
    }
    int values = schema.inputs().stream().mapToInt(Field::width).sum();
    if (run.input().isSeveral() && layout.columns().size() != values) {
      return Optional.empty();
    }
    if (!run.input().isSeveral()) {
      return Optional.of(new ModelCard.Table(layout.columns(), layout.targets(), ',', true, ""));
    }
    List<TableInput> inputs = new ArrayList<>();
    int at = 0;
    for (Field field : schema.inputs()) {
      List<String> own = layout.columns().subList(at, at += field.width());
      List<Integer> shape = field.shape().size() > 1 ? field.shape() : List.of();
      inputs.add(new TableInput(field.name(), own, shape, true, false));
    }
    List<TableOutput> outputs = new ArrayList<>();
    at = 0;
    for (Labels labels : run.data().labels().each()) {
      Field field = schema.labels().get(outputs.size());
      boolean classes = labels instanceof Labels.Classes;
      List<String> own = layout.targets().subList(at, at += classes ? 1 : field.width());
      outputs.add(
          new TableOutput(
              field.name(), classes ? LabelKind.CLASS : LabelKind.NUMBER, own, List.of()));
    }
    boolean one = inputs.size() == 1;
    return Optional.of(
        new ModelCard.Table(
            layout.columns(),
            outputs.size() == 1 ? layout.targets() : List.of(),
            CsvDialect.PLAIN,
            true,
            "",
            one ? List.of() : inputs,
            outputs.size() == 1 ? List.of() : outputs));
  }

  private EvaluationResult test(Trainer.Result result, OptionalDouble threshold)
      throws IOException {
    long start = System.nanoTime();
    EvaluationWork work = run.workload().evaluation();
    EvaluationWork decided = work.withThreshold(threshold);
    EvaluationAccumulator seen =
        decided.spec().equals(work.spec())
            ? engine.evaluate(result.model(), Part.TEST)
            : data.measure(decided, result.model());
    EvaluationResult test = seen.result(run.data().labels());
    Position end = result.end().position();
    session.record(
        new RunEvent.Evaluated(
            end.round() - 1,
            end.epoch() - 1,
            "test",
            test.toJson(),
            (System.nanoTime() - start) / 1e9));
    byte[] json = test.toJson().toPrettyString().getBytes(StandardCharsets.UTF_8);
    session.write("evaluation.json", file -> file.write(json));
    return test;
  }
}
