package io.lockstep.train;

/**
 * Work of a run that could not be done, however often it was tried: executors died of it, or the
 * same error came again and again. The run ends; its last checkpoint is whole.
 *
 * <p>The message begins with the cause, in the words of the machine that met it, and says which
 * piece of work it was. It is no fault of the plan, so not an {@code InputException}.
 */
public final class LostWorkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LostWorkException(String message, Throwable cause) {
    super(message, cause);
  }
}
