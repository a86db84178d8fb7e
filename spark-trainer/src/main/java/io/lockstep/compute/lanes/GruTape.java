package io.lockstep.compute.lanes;

/**
 * What a GRU remembers of a forward pass, in blocks of {@code units * width} floats.
 *
 * <p>Gates stand in Keras' order: update gate z, reset gate r, candidate n. The backward pass
 * writes the gradients of the sums over the gates themselves, so a tape serves one backward pass.
 * Outputs begin with the state before the first step. Where no backward pass will follow, the tape
 * need not record: then there is one step of gates and one block of the recurrent part for all.
 */
public final class GruTape {
  private final float[] gates;
  private final float[] recurrent;
  private final float[] outputs;
  private final int block;
  private final boolean resetAfter;
  private final boolean recording;

  /** Wraps the parts; arrays are not copied. */
  public GruTape(
      float[] gates,
      float[] recurrent,
      float[] outputs,
      int block,
      boolean resetAfter,
      boolean recording) {
    this.gates = gates;
    this.recurrent = recurrent;
    this.outputs = outputs;
    this.block = block;
    this.resetAfter = resetAfter;
    this.recording = recording;
  }

  /**
   * {@code [steps, 3, units, width]}: sums, then activations, then, going back, the gradients of
   * the sums.
   */
  public float[] gates() {
    return gates;
  }

  /**
   * {@code [steps, units, width]}: the candidate's share of the recurrence. If the reset gate comes
   * after the product, the product, and going back its gradient; else the product's input, {@code r
   * * before}.
   */
  public float[] recurrent() {
    return recurrent;
  }

  /** {@code [1 + steps, units, width]}. */
  public float[] outputs() {
    return outputs;
  }

  /** Floats in a block, units times width. */
  public int block() {
    return block;
  }

  /** Whether the reset gate multiplies after the recurrent product. */
  public boolean resetAfter() {
    return resetAfter;
  }

  /** Where the gates of {@code step} begin. */
  public int gatesAt(int step) {
    return recording ? 3 * step * block : 0;
  }

  /** Where the recurrent part of {@code step} begins. */
  public int recurrentAt(int step) {
    return recording ? step * block : 0;
  }

  /** Where the outputs before {@code step} begin. */
  public int beforeAt(int step) {
    return step * block;
  }

  /** Where the outputs of {@code step} begin. */
  public int outputsAt(int step) {
    return (step + 1) * block;
  }
}
