package io.lockstep.ps;

/**
 * Bytes that should be a state or a contribution are not: truncated, altered or of another kind.
 */
public final class DamagedBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DamagedBytesException(String message) {
    super(message);
  }

  public DamagedBytesException(String message, Throwable cause) {
    super(message, cause);
  }
}
