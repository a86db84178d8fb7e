package io.lockstep.cli;

import io.lockstep.app.Forecasting;
import io.lockstep.app.Hadoop;
import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.run.Provenance.Aspect;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep train}: from a plan to a model, or from a checkpoint on. */
@Command(
    name = "train",
    description = "Trains the network of a plan.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  lockstep train conf/mnist-lenet.yaml",
      "  lockstep train conf/mnist-lenet.yaml --set training.epochs=12 --master 'local[2]'",
      "  lockstep train --resume runs/mnist-lenet",
      "  lockstep train conf/mnist-lenet.yaml --resume-or-begin",
      "  lockstep train more.yaml --from runs/mnist-lenet"
    })
final class TrainCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN",
      description = "The plan, a YAML file (docs/configuration.md). With --resume not needed.")
  private String planFile;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Goes on with the run of this directory, bit for bit.")
  private String resume;

  @Option(
      names = "--resume-or-begin",
      description = {
        "Goes on with the run of PLAN if its run directory holds one, else begins it; does nothing",
        "if it is finished. For schedulers, which start what died again with the same words."
      })
  private boolean resumeOrBegin;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = {
        "Begins the new run of PLAN with the newest weights and optimizer state of the run in this",
        "directory: to train on with more epochs, other data or another learning rate."
      })
  private String from;

  @Option(
      names = "--accept-changes",
      paramLabel = "WHAT",
      description = {
        "With --resume: goes on although these changed since the checkpoint, some of data, build,",
        "kernels, arithmetic with commas between them. The result is then another one."
      })
  private String acceptedChanges;

  @Option(
      names = "--overwrite",
      description = "Deletes the run that the run directory holds, if it holds one.")
  private boolean overwrite;

  @Option(
      names = "--take-over",
      description = {
        "Goes on although another process is, or may still be, at work on the run directory;",
        "that process is cut off. Not needed when it died on this host."
      })
  private boolean takeOver;

  @Mixin private ProgressOption progressOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if ((planFile == null) == (resume == null)) {
      throw new ParameterException(
          spec.commandLine(),
          planFile == null
              ? "a plan is missing: give a YAML file, or --resume with a run directory"
              : "a run is resumed with its own plan: leave out " + planFile);
    }
    if (resume != null && overwrite) {
      throw new ParameterException(
          spec.commandLine(), "--resume keeps what --overwrite deletes: leave out one of them");
    }
    if (resume != null && from != null) {
      throw new ParameterException(
          spec.commandLine(), "--from begins a new run, --resume goes on: leave out one of them");
    }
    if (resumeOrBegin && (resume != null || overwrite)) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume-or-begin finds out by itself: leave out "
              + (overwrite ? "--overwrite" : "--resume"));
    }
    if (resume == null && !resumeOrBegin && acceptedChanges != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--accept-changes belongs to --resume: a new run has nothing to accept");
    }
    StopSignal stop =
        StopSignal.listen(
            () ->
                System.err.println(
                    "stopping after this round, with a checkpoint (once more: at once)"),
            "stopped before training began: nothing was written");
    Terminal terminal = Terminal.detect();
    PrintWriter out = spec.commandLine().getOut();
    TrainedModel model;
    try (Progress progress = progressOption.on(terminal, out)) {
      model =
          training().listener(new ProgressWatch(progress, stop::saveFirst)).stopWhen(stop).run();
    }
    model.test().ifPresent(test -> out.print(ResultTable.render(test, terminal)));
    RunSummary.curves(model.events(), terminal).forEach(out::println);
    RunSummary summary = RunSummary.of(model);
    if (summary.forecast()) {
      Forecasting.of(model.directory())
          .sample()
          .ifPresent(it -> ForecastPlot.render(it, terminal).forEach(out::println));
    }
    summary.lines().forEach(out::println);
    out.flush();
    return model.outcome() == Outcome.STOPPED ? StopSignal.EXIT_CODE : Main.DONE;
  }

  private Training started() throws IOException {
    if (resume != null) {
      return Training.resume(resume, planOptions.overrides());
    }
    ResolvedPlan plan = planOptions.resolve(planFile, Hadoop.settings());
    return resumeOrBegin ? Training.resumeOrBegin(plan) : Training.of(plan);
  }

  private Training training() throws IOException {
    Training training = started();
    if (overwrite) {
      training.overwrite();
    }
    if (from != null) {
      training.from(from);
    }
    if (acceptedChanges != null) {
      training.accept(Aspect.parse(acceptedChanges));
    }
    return takeOver ? training.takeOver() : training;
  }
}
