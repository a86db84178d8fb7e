package io.lockstep.run;

import java.io.IOException;

/** A file of the run directory is truncated, altered or not what its name says. */
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedFileException(String message) {
    super(message);
  }

  DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
