package io.lockstep.run;

import java.io.IOException;

/** Another process took the run directory over: this one must write nothing more to it. */
public final class LostOwnershipException extends IOException {
  private static final long serialVersionUID = 1L;

  LostOwnershipException(String message) {
    super(message);
  }
}
