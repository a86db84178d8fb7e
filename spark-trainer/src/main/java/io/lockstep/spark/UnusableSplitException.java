package io.lockstep.spark;

/**
 * A split that cannot be scored as it was cut, or holds what the user must mend: trying again is of
 * no use. What it is, the driver finds out by reading.
 */
final class UnusableSplitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableSplitException(String message) {
    super(message);
  }
}
