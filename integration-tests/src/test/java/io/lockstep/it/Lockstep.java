package io.lockstep.it;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One call of Lockstep as a child process, as a user would type it: through {@link #script} or
 * {@link #submit}. Options are added one by one; {@link #run} or {@link #start} ends the sentence.
 */
final class Lockstep {
  /** What {@link #briefly} tells a JVM. */
  static final String BRIEF = "-XX:TieredStopAtLevel=1";

  private final List<String> front;
  private final List<String> args;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> sparkOptions = new ArrayList<>();
  private final boolean submitted;
  private Path directory = Checkout.root();

  private Lockstep(List<String> front, boolean submitted, String... args) {
    this.front = front;
    this.submitted = submitted;
    this.args = List.of(args);
    environment.put("LOCKSTEP_LOG", Path.of("target", "lockstep.log").toAbsolutePath().toString());
    environment.put("LOCKSTEP_MEMORY", "1g");
  }

  /** {@code scripts/lockstep ARGS} in the root of the checkout. */
  static Lockstep script(String... args) {
    return script(Checkout.launcher(), args);
  }

  /** The same through another path to the script. */
  static Lockstep script(Path launcher, String... args) {
    return new Lockstep(List.of(launcher.toString()), false, args);
  }

  /** {@code spark-submit --master MASTER lockstep.jar ARGS}. */
  static Lockstep submit(String master, String... args) {
    return new Lockstep(List.of("--master", master), true, args);
  }

  /** A program of these tests in a JVM like theirs. */
  static Lockstep java(Class<?> program, String... args) {
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx600m"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    return new Lockstep(command, false, args);
  }

  /** Sets an environment variable. */
  Lockstep with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Adds {@code --conf key=value}, for {@link #submit} only. */
  Lockstep conf(String key, String value) {
    sparkOptions.add("--conf");
    sparkOptions.add(key + "=" + value);
    return this;
  }

  /**
   * Without the optimizing compiler, for runs of seconds: it would take more time than it saves.
   * What is computed must not depend on who compiled it.
   */
  Lockstep briefly() {
    String variable = "JAVA_TOOL_OPTIONS";
    if (submitted) {
      conf("spark.executorEnv." + variable, BRIEF);
    }
    return with(variable, BRIEF);
  }

  /** Sets the working directory. */
  Lockstep in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** Starts it and waits for its end. */
  Outcome run() throws IOException, InterruptedException {
    try (Running running = start()) {
      return running.outcome();
    }
  }

  /** Starts it. */
  Running start() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(submitted ? submission() : launch());
    builder.directory(directory.toFile());
    builder.environment().putAll(environment);
    return new Running(builder);
  }

  private List<String> launch() {
    List<String> command = new ArrayList<>(front);
    command.addAll(args);
    return command;
  }

  /**
   * The command that Spark's own launcher makes of these options; {@code bin/spark-submit} does no
   * more, but is not in the Maven artifacts.
   */
  private List<String> submission() throws IOException, InterruptedException {
    List<String> launcher =
        new ArrayList<>(
            List.of(
                java(),
                "-cp",
                Checkout.sparkHome().resolve("jars") + "/*",
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit",
                "--driver-memory",
                "1g"));
    launcher.addAll(front);
    launcher.addAll(sparkOptions);
    launcher.add(Checkout.jar().toString());
    launcher.addAll(args);
    Process process =
        new ProcessBuilder(launcher).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed;
    try (InputStream out = process.getInputStream()) {
      printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("Spark's launcher refused " + launcher);
    }
    // After a separator, NUL and newline, each word is ended by NUL.
    String words = printed.substring(printed.indexOf("\0\n") + 2);
    return Arrays.asList(words.split("\0"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** What a call came to. */
  record Outcome(int exitCode, String out, String err) {
    @Override
    public String toString() {
      return "exit code " + exitCode + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }
}
