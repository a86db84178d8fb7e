package io.lockstep.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** A process of its own that works on a run until it is killed. */
final class OtherProcess {
  private static final int BEGUN = '!';

  private OtherProcess() {}

  /** Starts one and waits until its session has begun. */
  static Process working(String run) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // The coverage agent has its own output file for this JVM only.
      if (!option.startsWith("-javaagent")) {
        line.add(option);
      }
    }
    line.add("-cp");
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(OtherProcess.class.getName());
    line.add(run);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    InputStream out = process.getInputStream();
    for (int read = out.read(); read != BEGUN; read = out.read()) {
      if (read < 0) {
        throw new IllegalStateException("the other process ended before it began");
      }
    }
    return process;
  }

  /** Begins a session in the run directory given and keeps it until the input ends. */
  public static void main(String[] args) throws IOException {
    try (RunSession session =
        RunDirectory.open(new Configuration(), args[0]).begin(Runs.KEEP, Runs.CLOCK)) {
      session.record(Runs.ledger(0));
      System.out.write(BEGUN);
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
