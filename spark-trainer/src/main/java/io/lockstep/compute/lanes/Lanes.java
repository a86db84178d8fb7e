package io.lockstep.compute.lanes;

/**
 * The inner loops of the recurrent kernels.
 *
 * <h2>How it works</h2>
 *
 * A recurrent layer is small products with the same weights at every time step, so what costs is
 * not arithmetic but what stands around it. A BLAS copies both operands into its own layout at each
 * call; here weights are laid out once for all steps ({@link Panels}), and the minibatch needs no
 * transposing, because examples lie side by side as DL4J's {@code 'f'} order has them: eight
 * neighbouring examples are one vector, and every operation of a step, product or pointwise, runs
 * along them. That is the idea of Appleyard, Kocisky and Blunsom, "Optimizing Performance of
 * Recurrent Neural Networks on GPUs" (2016, arXiv 1604.01946), carried to a CPU: join the four
 * gates into one matrix, fuse the pointwise operations of a step into one pass, take what does not
 * depend on the recurrence (the gradients of the weights) out of the loop and sum it over all steps
 * at once, which is a product again, with time as its depth.
 *
 * <h2>Why the bits are the same everywhere</h2>
 *
 * Each element is defined by one chain of operations, stated at the method. A product is a chain of
 * fused multiply-adds in the order of the depth; tiles only decide which elements are computed
 * together. A sum over time keeps its order too. So no result depends on memory alignment, on the
 * tile, on the number of other examples in the minibatch beyond their position, or on which
 * implementation ran: {@link PlainLanes} in Java and the vector one give the same bits, and a
 * cluster may mix them.
 *
 * <p>Instances hold scratch: each belongs to one layer, so to one thread at a time.
 */
public interface Lanes {
  /** Examples in a group: eight floats, a vector of 256 bits. */
  int GROUP = 8;

  /** A new instance of the fastest implementation for this JVM. */
  static Lanes best() {
    return LanesChoice.BEST.get();
  }

  /**
   * Whether this JVM has fused multiply-adds in hardware; without them Java computes them in
   * arbitrary precision, correctly and thousands of times slower.
   */
  static boolean isUsable() {
    return LanesChoice.FUSED;
  }

  /** What computes here and, where it is not the fastest there is, why; in a few words. */
  String description();

  /** The smallest width of a {@link Block} for {@code examples}. */
  static int width(int examples) {
    return (examples + GROUP - 1) / GROUP * GROUP;
  }

  /**
   * Adds a product with weights: {@code c[j] += sum over k of a[k] * w[k][j]}, as one chain of
   * fused multiply-adds in ascending {@code k} that begins with {@code c[j]}.
   *
   * @param a block of {@code w}'s depth in units
   * @param c block of {@code w}'s columns in units, as wide as {@code a}
   */
  void multiplyAdd(Block a, Panels w, Block c);

  /**
   * Computes a product with weights: as {@link #multiplyAdd}, but the chain begins with {@code
   * start[j]}, whatever {@code c} holds.
   */
  void multiply(Block a, Panels w, float[] start, Block c);

  /**
   * As {@link #multiplyAdd(Block, Panels, Block)} for a single example, with the same chains and so
   * the same bits: {@code to[at + j] += sum over k of a[aAt + k] * w[k][j]}. Here units are side by
   * side, as an example alone would leave seven lanes of eight empty.
   *
   * @param a as many floats as {@code w} is deep, from {@code aAt} on
   * @param to as many as {@code w} has columns, from {@code at} on
   */
  void multiplyAdd(float[] a, int aAt, Strips w, float[] to, int at);

  /**
   * Sums products over time: {@code out[j * x.units() + k] = sum over t and i of x[t][k][i] *
   * g[t][j][i]}, as one chain of fused multiply-adds from zero, step after step and in a step
   * example after example.
   *
   * @param g as many steps as {@code x}, as wide
   */
  void products(Steps x, Steps g, float[] out);

  /**
   * Sums over time into {@code out[unit]}: lane {@code l} sums examples {@code l, l + 8, ...} of
   * all steps from zero; then the lanes are added as {@code ((0+1)+(2+3))+((4+5)+(6+7))}.
   */
  void sums(Steps g, float[] out);

  /**
   * The pointwise part of an LSTM's step: {@code a = tanh(z_a), f, o, g = sigmoid(z)}, {@code c = g
   * a + f c_prev}, {@code h = o tanh(c)}.
   */
  void lstmForward(LstmTape tape, int step);

  /**
   * The pointwise part of an LSTM's backward step.
   *
   * @param output gradient of the step's output, one block; not changed
   * @param cell one block: the gradient of the step's cell that comes from the next step; replaced
   *     by what goes on to the step before
   */
  void lstmBackward(LstmTape tape, int step, Block output, float[] cell);

  /**
   * The first pointwise part of a GRU's step: {@code z, r = sigmoid(z)}; then, with the reset gate
   * after the product, {@code z_n = r recurrent + z_n}, else {@code recurrent = r before}, of which
   * the candidate's product is still to be added.
   */
  void gruReset(GruTape tape, int step);

  /** The second: {@code n = tanh(z_n)}, {@code h = z (before - n) + n}. */
  void gruOutput(GruTape tape, int step);

  /**
   * The first pointwise part of a GRU's backward step: the gradients of the sums of z and n.
   *
   * @param output gradient of the step's output, one block; not changed
   * @param before one block, to which the share of the output before is added
   */
  void gruOutputBackward(GruTape tape, int step, Block output, Block before);

  /**
   * The second: the gradient of the sums of r, and with the reset gate after the product that of
   * the product.
   *
   * @param passed with the reset gate before the product one block: the gradient of {@code r
   *     before}; else not read
   * @param before to which, with the reset gate before the product, {@code r passed} is added
   */
  void gruResetBackward(GruTape tape, int step, float[] passed, Block before);

  /** Replaces {@code length} floats by their tanh; the length is a multiple of {@link #GROUP}. */
  void tanh(float[] values, int at, int length);

  /** Multiplies {@code gradient} by the slope of tanh, {@code 1 - value^2}, in place. */
  void tanhBackward(float[] values, int at, float[] gradient, int gradientAt, int length);

  /**
   * Softmax over the units of a block, in place: maximum subtracted, exponentials summed in the
   * order of the units, each divided by the sum.
   */
  void softmax(Block block, int units);

  /**
   * As {@link #softmax(Block, int)} for a single example, with the same bits.
   *
   * @param values side by side, up to a multiple of {@link #GROUP}; beyond {@code units} they are
   *     rubbish before and after
   */
  void softmax(float[] values, int units);

  /** Adds eight lanes in the order that {@link #sums} states. */
  static float sum(float[] lanes, int at) {
    return ((lanes[at] + lanes[at + 1]) + (lanes[at + 2] + lanes[at + 3]))
        + ((lanes[at + 4] + lanes[at + 5]) + (lanes[at + 6] + lanes[at + 7]));
  }
}
