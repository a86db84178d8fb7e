package io.lockstep.data;

/**
 * The user's input is wrong: a file, a key or a value that must be mended before anything can run.
 *
 * <p>The message names the place (file, line or key), what is wrong with it and the remedy; the
 * command line prints it without a stack trace and exits with code 2. A failure of the run itself
 * is never reported with this type.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
