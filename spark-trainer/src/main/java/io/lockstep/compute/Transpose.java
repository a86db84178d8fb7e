package io.lockstep.compute;

/**
 * Rearranges images between C order and the batch-innermost order of {@link Images}.
 *
 * <p>Both directions work on blocks that fit the first-level caches, so that each cache line is
 * fetched once although one side of a transposition is always read or written with a stride.
 */
final class Transpose {
  /** Floats of one image that a block covers. */
  private static final int RUN = 64;

  private Transpose() {}

  /**
   * Fills {@code to} from {@code from}, {@code [batch, channels, height, width]} or channels last.
   */
  static void fromC(Memory from, Images to, boolean channelsFirst) {
    int rows = to.channels() * to.pixels();
    int batch = to.batch();
    float[] run = new float[RUN];
    float[] block = new float[RUN * batch];
    for (int r = 0; r < rows; r += RUN) {
      int length = Math.min(RUN, rows - r);
      for (int n = 0; n < batch; n++) {
        from.get(n * rows + r, run, length);
        scatter(run, length, block, n, batch);
      }
      if (channelsFirst) {
        to.memory().put(r * batch, block, length * batch);
      } else {
        for (int i = 0; i < length; i++) {
          to.memory().put(row(r + i, to) * batch, block, i * batch, batch);
        }
      }
    }
  }

  /** Fills {@code to}, {@code [batch, channels, height, width]} or channels last, from images. */
  static void toC(Images from, Memory to, boolean channelsFirst) {
    int rows = from.channels() * from.pixels();
    int batch = from.batch();
    float[] run = new float[RUN];
    float[] block = new float[RUN * batch];
    for (int r = 0; r < rows; r += RUN) {
      int length = Math.min(RUN, rows - r);
      if (channelsFirst) {
        from.memory().get(r * batch, block, length * batch);
      } else {
        for (int i = 0; i < length; i++) {
          from.memory().get(row(r + i, from) * batch, block, i * batch, batch);
        }
      }
      for (int n = 0; n < batch; n++) {
        gather(block, n, batch, run, length);
        to.put(n * rows + r, run, length);
      }
    }
  }

  /** Where element {@code r} of a channels-last image lies: pixel and channel change places. */
  private static int row(int r, Images images) {
    int channels = images.channels();
    return r % channels * images.pixels() + r / channels;
  }

  private static void scatter(float[] run, int length, float[] block, int n, int batch) {
    for (int i = 0; i < length; i++) {
      block[i * batch + n] = run[i];
    }
  }

  private static void gather(float[] block, int n, int batch, float[] run, int length) {
    for (int i = 0; i < length; i++) {
      run[i] = block[i * batch + n];
    }
  }
}
