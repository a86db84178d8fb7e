package io.lockstep.compute;

/** What DL4J does with the results of a layer's backward pass. */
final class Backpropagation {
  /** Frames between a layer and the method that started the pass, with room to spare. */
  private static final int FRAMES = 12;

  private Backpropagation() {}

  /**
   * Whether the gradient with respect to the network's input, which the first layer is about to
   * compute, will be thrown away. DL4J does so when it trains ({@code computeGradientAndScore}); it
   * keeps it for errors from outside and for {@code calculateGradients}, and tells the layer
   * neither.
   */
  static boolean discardsInputGradient() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .limit(FRAMES)
                    .anyMatch(frame -> frame.getMethodName().equals("computeGradientAndScore")));
  }
}
