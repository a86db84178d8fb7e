package io.lockstep.cli;

import io.lockstep.app.DriverLog;
import io.lockstep.app.Failure;
import io.lockstep.data.InputException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code lockstep}: what {@code scripts/lockstep} and {@code spark-submit} start.
 *
 * <p>Ends with {@value #DONE} when the command did what it was asked, {@value #FAILED} when it
 * failed and {@value #WRONG_INPUT} when the user's input must be mended first: a wrong option, or
 * an {@link InputException} thrown anywhere. The last two print one message; the stack trace goes
 * to the log, and to the terminal with {@code --verbose} or {@code LOCKSTEP_DEBUG=1}.
 */
@Command(
    name = "lockstep",
    description = "Trains Deeplearning4j networks on Apache Spark, exactly.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    // One line per command, in the order in which a user meets them.
    subcommands = {
      TrainCommand.class,
      StatusCommand.class,
      EvaluateCommand.class,
      ScoreCommand.class,
      GenerateCommand.class,
      ForecastCommand.class,
      VerifyCommand.class,
      ChaosCommand.class,
      PlanCommand.class,
      ConfigCommand.class,
      DatasetsCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the run failed",
      "2:the input is wrong (option, configuration or data); the message says what to mend",
      "130:stopped by Ctrl-C; once training has begun, with a checkpoint"
    })
public final class Main implements Runnable {
  /** The command did what it was asked. */
  public static final int DONE = 0;

  /** The command failed. */
  public static final int FAILED = 1;

  /** The user's input must be mended before anything can run. */
  public static final int WRONG_INPUT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Option(
      names = "--verbose",
      description = "Print the stack trace of an error.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    boolean submitted = Boolean.getBoolean("SPARK_SUBMIT");
    if (submitted) {
      DriverLog.quiet();
    }
    StopSignal.listen(() -> {}, "stopped");
    int code = execute(commandLine(), args);
    // A driver in YARN's cluster mode that calls exit itself is reported as failed.
    if (code != DONE || !submitted) {
      System.exit(code);
    }
  }

  /** Picocli passes no {@link Error} to its handlers, and it must end the JVM as well. */
  static int execute(CommandLine command, String... args) {
    try {
      return command.execute(args);
    } catch (Error e) {
      return command.<Main>getCommand().failed(e, "lockstep", command.getErr());
    }
  }

  /** The root command with all sub-commands and the handlers that make exit codes of exceptions. */
  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Main::wrongArguments)
        .setExecutionExceptionHandler(
            (e, command, parsed) ->
                main.failed(e, command.getCommandSpec().qualifiedName(), command.getErr()));
  }

  /** Called when no sub-command was given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int wrongArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    err.flush();
    return WRONG_INPUT;
  }

  private int failed(Throwable e, String command, PrintWriter err) {
    if (StopSignal.isEnding()) {
      return StopSignal.EXIT_CODE;
    }
    Failure failure = Failure.of(e);
    err.println("error: " + failure.message());
    if (verbose || debugging()) {
      e.printStackTrace(err);
    } else if (!failure.isInput()) {
      LOG.info("{} failed", command, e);
      if (!failure.isKnown()) {
        err.println(whereToLook());
      }
    }
    err.flush();
    return failure.isInput() ? WRONG_INPUT : FAILED;
  }

  private static String whereToLook() {
    String log = System.getProperty("lockstep.log");
    if (!LOG.isInfoEnabled()) {
      return "stack trace: with --verbose";
    }
    return log == null
        ? "stack trace: in the log, or here with --verbose"
        : "stack trace: in " + log + ", or here with --verbose";
  }

  private static boolean debugging() {
    String value = System.getenv("LOCKSTEP_DEBUG");
    return value != null && !value.isEmpty() && !value.equals("0");
  }
}
