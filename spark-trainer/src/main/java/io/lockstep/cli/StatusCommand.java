package io.lockstep.cli;

import io.lockstep.app.Hadoop;
import io.lockstep.app.RunStatus;
import io.lockstep.data.InputException;
import io.lockstep.run.RunProgress.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep status}: how a run comes along, wherever it runs. */
@Command(
    name = "status",
    description = "Tells how a run comes along, from anywhere; reads only its run directory.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "With --follow it ends as the run does: 0 finished, 1 failed or broken off, 130 stopped.",
      "",
      "Examples:",
      "  lockstep status runs/mnist-lenet",
      "  lockstep status --follow hdfs:///models/churn"
    })
final class StatusCommand implements Callable<Integer> {
  /** Between two looks: longer if a look takes long, as with very many rounds, but not for ever. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int PAUSE_PER_LOOK = 4;

  private static final String WAITING = "waiting for a run in ";

  @Parameters(paramLabel = "DIR", description = "The run directory, any Hadoop path.")
  private String directory;

  @Option(
      names = "--follow",
      description = "Prints a line for each change until the run ends; waits for it to begin.")
  private boolean follow;

  @Option(names = "--json", description = "Prints JSON; with --follow one line for each change.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration hadoop = Hadoop.settings();
    if (follow) {
      return followed(hadoop);
    }
    RunStatus status = RunStatus.of(directory, hadoop);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(status.toJson().toPrettyString());
    } else {
      StatusLines.of(status, clock.instant()).forEach(out::println);
    }
    out.flush();
    return Main.DONE;
  }

  private int followed(Configuration hadoop) throws IOException, InterruptedException {
    String shown = "";
    while (true) {
      Instant before = clock.instant();
      try {
        RunStatus status = RunStatus.of(directory, hadoop);
        shown = show(json ? status.toJson().toString() : StatusLines.line(status), shown);
        if (status.progress().state() != State.RUNNING) {
          if (!json) {
            StatusLines.of(status, before).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
          }
          return code(status.progress().state());
        }
      } catch (InputException notYet) {
        if (!shown.startsWith(WAITING) && !shown.isEmpty()) {
          throw notYet;
        }
        shown = show(WAITING + directory, shown);
      }
      Duration took = Duration.between(before, clock.instant()).multipliedBy(PAUSE_PER_LOOK);
      long millis = Math.max(PAUSE.toMillis(), took.toMillis());
      Thread.sleep(Math.min(LONGEST_PAUSE.toMillis(), millis));
    }
  }

  private String show(String line, String before) {
    if (!line.equals(before)) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
    return line;
  }

  private static int code(State state) {
    return switch (state) {
      case RUNNING, FINISHED, EARLY -> Main.DONE;
      case FAILED, BROKEN_OFF -> Main.FAILED;
      case STOPPED -> StopSignal.EXIT_CODE;
    };
  }
}
