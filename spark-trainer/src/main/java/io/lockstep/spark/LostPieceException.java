package io.lockstep.spark;

/** A part of what a replica brought is gone, with the executor that kept it. */
final class LostPieceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostPieceException(String message, Throwable cause) {
    super(message, cause);
  }
}
