package io.lockstep.cli;

import io.lockstep.config.Plan;
import io.lockstep.config.PlanFingerprint;
import io.lockstep.config.PlanParser;
import io.lockstep.config.ResolvedPlan;
import io.lockstep.data.InputException;
import io.lockstep.run.LostOwnershipException;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunDirectory.IfExists;
import io.lockstep.run.RunDirectory.IfOwned;
import io.lockstep.run.RunDirectory.RecordedPlan;
import io.lockstep.run.RunSession;
import io.lockstep.spark.Engines;
import io.lockstep.train.Engine;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
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
      "  lockstep train --resume runs/mnist-lenet"
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

  @Option(
      names = "--progress",
      paramLabel = "HOW",
      defaultValue = "AUTO",
      description = "auto, bar, plain or none. Default: a bar on a terminal, else plain lines.")
  private Progress.Mode progressMode;

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
    Configuration hadoop = Engines.hadoop();
    return resume == null ? begin(hadoop) : resume(hadoop);
  }

  private int begin(Configuration hadoop) throws IOException {
    PreparedRun run = prepare(planOptions.resolve(planFile, hadoop), hadoop);
    RecordedPlan recorded =
        new RecordedPlan(new ResolvedPlan(run.plan(), run.origins()).toYaml(), run.fingerprint());
    RunDirectory directory =
        RunDirectory.create(
            hadoop,
            run.plan().run().directory(),
            recorded,
            overwrite ? IfExists.OVERWRITE : IfExists.REFUSE,
            ifOwned());
    return train(run, directory, run.plan().run().directory());
  }

  private int resume(Configuration hadoop) throws IOException {
    RunDirectory directory = RunDirectory.open(hadoop, resume);
    RecordedPlan recorded = directory.plan();
    String file = resume + "/plan.yaml";
    ResolvedPlan plan = PlanParser.resolve(recorded.yaml(), file, planOptions.overrides());
    if (!PlanFingerprint.of(plan.plan()).equals(recorded.fingerprint())) {
      List<String> differences =
          PlanFingerprint.differences(
              PlanParser.parse(recorded.yaml(), file, List.of()), plan.plan());
      throw new InputException(
          """
          %s was begun with another plan, so it cannot go on to the same result:
            %s
          Resume it without these --set, or begin a new run with the changed plan and another \
          run.directory.\
          """
              .formatted(resume, String.join("\n  ", differences)));
    }
    return train(prepare(plan, hadoop), directory, resume);
  }

  private int train(PreparedRun run, RunDirectory directory, String name) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Terminal terminal = Terminal.detect();
    try (RunSession session =
        directory.begin(run.plan().run().keepCheckpoints(), Clock.systemUTC(), ifOwned())) {
      try (Engine engine = open(run)) {
        Trainer.Result result;
        try (Progress progress = Progress.of(progressMode, terminal, out, System::nanoTime)) {
          progress.note(describe(run, name));
          result = trainer(run, engine, session, progress).run();
        }
        return new RunCompletion(run, engine, directory, session, name)
            .finish(result, terminal, out);
      } catch (RuntimeException | IOException e) {
        recordFailure(session, e);
        throw e;
      }
    }
  }

  /** Everything that can be wrong with the input is found here, before anything is written. */
  private static PreparedRun prepare(ResolvedPlan plan, Configuration hadoop) throws IOException {
    PreparedRun run = PreparedRun.of(plan, hadoop);
    Engines.check(run.plan().run(), run.plan().compute());
    return run;
  }

  private static Engine open(PreparedRun run) {
    Plan plan = run.plan();
    return Engines.open(plan.name(), plan.run(), plan.compute(), run.workload());
  }

  private IfOwned ifOwned() {
    return takeOver ? IfOwned.TAKE_OVER : IfOwned.REFUSE;
  }

  /** What failed is told; that it could not be written down as well is only part of it. */
  private static void recordFailure(RunSession session, Exception failure) {
    if (failure instanceof LostOwnershipException) {
      return; // the record is another process's now
    }
    try {
      session.fail(String.valueOf(failure.getMessage()));
    } catch (RuntimeException | IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static Trainer trainer(
      PreparedRun run, Engine engine, RunSession session, Progress progress) {
    StopSignal stop =
        StopSignal.listen(
            () ->
                System.err.println(
                    "stopping after this round, with a checkpoint (once more: at once)"));
    return new Trainer(
        run, engine, session, new ProgressWatch(run, progress), stop, System::nanoTime);
  }

  private static String describe(PreparedRun run, String directory) {
    var training = run.plan().training();
    return "%s: %,d examples, %d replicas x batch %d, %s, %d epochs -> %s"
        .formatted(
            run.plan().name(),
            run.split().training().length,
            training.replicas(),
            training.batch(),
            switch (training.mode()) {
              case AVERAGING -> "averaged every " + training.localSteps() + " steps";
              case GRADIENT -> "averaged gradients";
            },
            training.epochs(),
            directory);
  }
}
