package io.lockstep.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Memory that a layer uses over and over; grows to the largest request and then stays as it is.
 *
 * <p>Contents are whatever the last use left. Owned by one layer, so by one thread at a time.
 */
final class Scratch {
  private Memory memory;

  /** At least {@code length} floats. */
  Memory floats(long length) {
    if (memory == null || memory.length() < length) {
      memory = Memory.allocate(length);
    }
    return memory;
  }

  /** Frees the memory once nothing else refers to it. */
  void release() {
    memory = null;
  }

  /** Whether {@code arrays} all fit what {@link Memory} can hold. */
  static boolean fits(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.length() > Memory.MAX_FLOATS) {
        return false;
      }
    }
    return true;
  }
}
