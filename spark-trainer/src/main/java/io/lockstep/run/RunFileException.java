package io.lockstep.run;

import java.io.IOException;

/**
 * A file of the run directory cannot be written or read; the message says why and, where it is
 * known, what to do, in the words of a user.
 */
public final class RunFileException extends IOException {
  private static final long serialVersionUID = 1L;

  RunFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
