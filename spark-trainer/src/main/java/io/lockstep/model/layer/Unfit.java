package io.lockstep.model.layer;

/** A layer that does not fit its input; the message says what it has and needs. */
public final class Unfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A layer that {@code message}, as in "needs images, but gets rows". */
  public Unfit(String message) {
    super(message);
  }
}
