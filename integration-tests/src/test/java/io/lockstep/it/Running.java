package io.lockstep.it;

import io.lockstep.it.Lockstep.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A call of Lockstep that is under way. Closing it kills it, with what it started. */
final class Running implements AutoCloseable {
  /** Far beyond what any call here takes: ends a test that hangs, decides nothing else. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Process process;
  private final Transcript out = new Transcript();
  private final Transcript err = new Transcript();
  private final CompletableFuture<?> readers;

  Running(ProcessBuilder builder) throws IOException {
    process = builder.start();
    readers =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> out.read(process.inputReader(StandardCharsets.UTF_8))),
            CompletableFuture.runAsync(
                () -> err.read(process.errorReader(StandardCharsets.UTF_8))));
  }

  /** Waits until a line of the standard output satisfies {@code wanted}. */
  void awaitOutput(Predicate<String> wanted) throws InterruptedException {
    if (!out.await(wanted, PATIENCE)) {
      throw new IllegalStateException("the awaited line never came:\n" + this);
    }
  }

  /** Ctrl-C; or, where this JVM was started with Ctrl-C ignored, what a cluster sends instead. */
  void interrupt() throws IOException, InterruptedException {
    String signal = isInterruptIgnored() ? "-TERM" : "-INT";
    int code = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("no process " + process.pid() + " to interrupt:\n" + this);
    }
  }

  /** A shell starts what runs in the background so, and children inherit it. */
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & 0b10) != 0;
  }

  /** {@code kill -9}; through the handle, as the process itself would close what we still read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for the end. */
  Outcome outcome() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      String soFar = toString();
      close();
      throw new IllegalStateException("still running after " + PATIENCE + "\n" + soFar);
    }
    readers.join();
    return new Outcome(process.exitValue(), out.text(), err.text());
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "--- out\n" + out.text() + "\n--- err\n" + err.text();
  }

  /** What a stream has said so far; guarded by itself. */
  private static final class Transcript {
    private final StringBuilder text = new StringBuilder();
    private int examined;
    private boolean ended;

    void read(BufferedReader reader) {
      try (reader) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        end();
      }
    }

    synchronized String text() {
      return text.toString();
    }

    synchronized boolean await(Predicate<String> wanted, Duration patience)
        throws InterruptedException {
      long deadlineNanos = System.nanoTime() + patience.toNanos();
      while (true) {
        for (int end = text.indexOf("\n", examined); end >= 0; end = text.indexOf("\n", examined)) {
          String line = text.substring(examined, end);
          examined = end + 1;
          if (wanted.test(line)) {
            return true;
          }
        }
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (ended || leftMillis <= 0) {
          return false;
        }
        wait(leftMillis);
      }
    }

    private synchronized void add(String line) {
      text.append(line).append('\n');
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }
  }
}
