package io.lockstep.train;

/**
 * A loss or a parameter became NaN or infinite; the last finite state is kept, the run ends.
 *
 * <p>The message says where (epoch, round, replica, minibatch) and what usually helps.
 */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NonFiniteException(String message) {
    super(message);
  }

  static NonFiniteException loss(double loss, RoundRequest request, int replica, long minibatch) {
    return new NonFiniteException(
        "the loss became %s in epoch %d, round %d, replica %d, minibatch %d; %s"
            .formatted(
                loss, request.epoch() + 1, request.round() + 1, replica, minibatch + 1, REMEDY));
  }

  static NonFiniteException state(RoundRequest request) {
    return new NonFiniteException(
        "a parameter became NaN or infinite in epoch %d, round %d; %s"
            .formatted(request.epoch() + 1, request.round() + 1, REMEDY));
  }

  private static final String REMEDY =
      "the state before this round is kept as a checkpoint. A smaller learning rate, gradient"
          + " clipping or normalised features usually help";
}
