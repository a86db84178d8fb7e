package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.Blueprint;
import io.lockstep.model.ModelCard;
import io.lockstep.model.ModelFile;
import io.lockstep.run.Checkpoint;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunEvent;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.run.RunSession;
import io.lockstep.train.Engine;
import io.lockstep.train.Lockstep;
import io.lockstep.train.Part;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is done when training is over: the model is written and tested, the user is told.
 *
 * @param name of the run directory, as the user wrote it
 */
record RunCompletion(
    PreparedRun run, Engine engine, RunDirectory directory, RunSession session, String name) {
  /** Finishes the run and returns the exit code. */
  int finish(Trainer.Result result, Terminal terminal, PrintWriter out) throws IOException {
    if (result.outcome() == Outcome.STOPPED) {
      end(result, "", List.of(), terminal, out);
      return StopSignal.EXIT_CODE;
    }
    writeModel(result);
    List<String> metrics = List.of();
    if (run.workload().examples().count(Part.TEST) > 0) {
      EvaluationResult test = test(result);
      out.print(ResultTable.render(test, terminal));
      metrics = List.of("test " + ResultTable.line(test));
    }
    end(result, name + "/model.zip", metrics, terminal, out);
    return Main.DONE;
  }

  private void writeModel(Trainer.Result result) throws IOException {
    ModelCard card =
        new ModelCard(
            run.fingerprint(),
            Lockstep.version(),
            IntStream.of(run.train().shape()).boxed().toList(),
            run.train().labels(),
            engine.normalizer());
    Blueprint blueprint = (Blueprint) run.workload().networks();
    session.writeModel(file -> ModelFile.write(blueprint, result.model(), card, file));
  }

  private EvaluationResult test(Trainer.Result result) throws IOException {
    long start = System.nanoTime();
    EvaluationResult test =
        engine.evaluate(result.model(), Part.TEST).result(run.train().labels().names());
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

  private void end(
      Trainer.Result result, String model, List<String> metrics, Terminal terminal, PrintWriter out)
      throws IOException {
    Checkpoint end = result.end();
    Position position = end.position();
    session.end(new RunEvent.Ended(result.outcome(), position.round(), position.seconds(), ""));
    RunSummary.curves(directory.events(), terminal).forEach(out::println);
    RunSummary summary =
        new RunSummary(
            result.outcome(),
            name,
            model,
            position.epoch(),
            position.examples(),
            position.seconds(),
            metrics);
    summary.lines().forEach(out::println);
    out.flush();
  }
}
