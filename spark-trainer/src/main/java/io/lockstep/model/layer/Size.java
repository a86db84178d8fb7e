package io.lockstep.model.layer;

/**
 * Size of a window: height first, as in Keras.
 *
 * @param height in rows
 * @param width in columns
 */
public record Size(int height, int width) {
  /** As DL4J wants it. */
  int[] sides() {
    return new int[] {height, width};
  }
}
