package io.lockstep.compute.lanes;

/**
 * What an LSTM remembers of a forward pass, in blocks of {@code units * width} floats.
 *
 * <p>Gates stand in DL4J's order: block input, forget, output, input gate. The backward pass writes
 * the gates' gradients over the gates themselves, so a tape serves one backward pass. Cells and
 * outputs begin with the state before the first step. Where no backward pass will follow, the tape
 * need not record: then there is one step of gates and tanhs and one block of cells for all.
 */
public final class LstmTape {
  private final float[] gates;
  private final float[] cells;
  private final float[] squashed;
  private final float[] carried;
  private final float[] outputs;
  private final int block;
  private final boolean recording;

  /** Wraps the parts; arrays are not copied. */
  public LstmTape(
      float[] gates,
      float[] cells,
      float[] squashed,
      float[] carried,
      float[] outputs,
      int block,
      boolean recording) {
    this.gates = gates;
    this.cells = cells;
    this.squashed = squashed;
    this.carried = carried;
    this.outputs = outputs;
    this.block = block;
    this.recording = recording;
  }

  /**
   * {@code [steps, 4, units, width]}: before a step's {@link Lanes#lstmForward} the sums into the
   * gates, afterwards their activations, after {@link Lanes#lstmBackward} the gradients of the
   * sums.
   */
  public float[] gates() {
    return gates;
  }

  /** {@code [1 + steps, units, width]}. */
  public float[] cells() {
    return cells;
  }

  /** {@code [steps, units, width]}: tanh of the cells. */
  public float[] squashed() {
    return squashed;
  }

  /**
   * Tanh of the cells as they are carried on to the next step: {@code squashed} itself, unless a
   * mask clears cells.
   */
  public float[] carried() {
    return carried;
  }

  /** {@code [1 + steps, units, width]}. */
  public float[] outputs() {
    return outputs;
  }

  /** Floats in a block, units times width. */
  public int block() {
    return block;
  }

  /** Where the gates of {@code step} begin. */
  public int gatesAt(int step) {
    return recording ? 4 * step * block : 0;
  }

  /** Where the cells before {@code step} begin. */
  public int cellsAt(int step) {
    return recording ? step * block : 0;
  }

  /** Where the cells after {@code step} begin. */
  public int nextCellsAt(int step) {
    return recording ? (step + 1) * block : 0;
  }

  /** Where the tanhs of {@code step} begin. */
  public int squashedAt(int step) {
    return recording ? step * block : 0;
  }

  /** Where the outputs of {@code step} begin. */
  public int outputsAt(int step) {
    return (step + 1) * block;
  }
}
