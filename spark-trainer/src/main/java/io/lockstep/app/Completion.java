package io.lockstep.app;

import io.lockstep.data.order.Part;
import io.lockstep.data.source.CsvOptions;
import io.lockstep.data.source.CsvSource;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.TextCsvSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.Blueprint;
import io.lockstep.model.ModelCard;
import io.lockstep.model.ModelFile;
import io.lockstep.run.Patience;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunEvent;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.run.RunSession;
import io.lockstep.train.Engine;
import io.lockstep.train.Lockstep;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is done when training is over: the model is written and tested, the end recorded.
 *
 * @param name of the run directory, as the user wrote it
 */
record Completion(
    PreparedRun run,
    Engine engine,
    RunDirectory directory,
    RunSession session,
    String name,
    SparkChoice spark) {
  TrainedModel of(Trainer.Result result) throws IOException {
    Optional<EvaluationResult> test = Optional.empty();
    if (result.outcome() != Outcome.STOPPED) {
      writeModel(result);
      if (run.data().count(Part.TEST) > 0) {
        test = Optional.of(test(result));
      }
    }
    Position end = result.end().position();
    Integer kept = result.end().patience().best().map(Patience.Best::epoch).orElse(null);
    session.end(new RunEvent.Ended(result.outcome(), end.round(), end.seconds(), "", kept));
    return new TrainedModel(
        name, directory, spark, result.outcome(), end, test, Optional.ofNullable(kept));
  }

  private void writeModel(Trainer.Result result) throws IOException {
    ModelCard card =
        new ModelCard(
            run.fingerprint(),
            Lockstep.version(),
            run.input(),
            run.data().labels(),
            run.data().normalizer(),
            run.data().preparation().text(),
            table(),
            run.plan().training().carries()
                ? OptionalInt.of(run.plan().training().batch())
                : OptionalInt.empty(),
            run.data().preparation().targets());
    Blueprint blueprint = (Blueprint) run.workload().networks();
    session.writeModel(file -> ModelFile.write(blueprint, result.model(), card, file));
  }

  /** How the model's examples were read, so that others can be without the plan. */
  private Optional<ModelCard.Table> table() {
    ExampleSource train = run.plan().data().train();
    Optional<CsvOptions> options =
        train instanceof CsvSource csv
            ? Optional.of(csv.options())
            : train instanceof TextCsvSource text ? Optional.of(text.table()) : Optional.empty();
    SourceLayout layout = run.data().settled().layout();
    return options.map(it -> ModelCard.Table.of(it, layout.columns())).or(() -> ofDataSet(layout));
  }

  /** Of columns of a data set that are one number each: a CSV file with such a header is alike. */
  private Optional<ModelCard.Table> ofDataSet(SourceLayout layout) {
    int values = run.data().shape().stream().reduce(1, Math::multiplyExact);
    return layout.columns().size() == values
        ? Optional.of(new ModelCard.Table(layout.columns(), layout.targets(), ',', true, ""))
        : Optional.empty();
  }

  private EvaluationResult test(Trainer.Result result) throws IOException {
    long start = System.nanoTime();
    EvaluationResult test =
        engine.evaluate(result.model(), Part.TEST).result(run.data().labels().names());
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
