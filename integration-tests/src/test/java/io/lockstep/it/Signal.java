package io.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What a process is told from outside and cannot help. */
enum Signal {
  /** It hangs. */
  STOP,
  /** It goes on. */
  CONT;

  void to(ProcessHandle process) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -%s ended with %d".formatted(name(), code));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before kill -" + name() + " ended", e);
    }
  }
}
