package io.lockstep.train.spark;

import io.lockstep.train.NonFiniteException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What a task of a round returns: its bytes, or why there can be none.
 *
 * <p>A loss that became NaN is a result, not a fault of the machine: thrown, it would make Spark
 * try the task four times. Layout: one byte, 0 before the content, 1 before a message in UTF-8.
 */
final class Outcome {
  private static final byte CONTENT = 0;
  private static final byte DIVERGED = 1;

  private Outcome() {}

  /** Does the work, and says so if it meets a value that is not finite. */
  static byte[] of(Supplier<byte[]> work) {
    try {
      return tagged(CONTENT, work.get());
    } catch (NonFiniteException e) {
      return tagged(DIVERGED, e.getMessage().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether there is no content but a reason. */
  static boolean diverged(byte[] outcome) {
    return outcome[0] == DIVERGED;
  }

  /**
   * The content.
   *
   * @throws NonFiniteException if there is none, for the reason it gives
   */
  static byte[] content(byte[] outcome) {
    byte[] content = Arrays.copyOfRange(outcome, 1, outcome.length);
    if (diverged(outcome)) {
      throw new NonFiniteException(new String(content, StandardCharsets.UTF_8));
    }
    return content;
  }

  private static byte[] tagged(byte tag, byte[] content) {
    byte[] bytes = new byte[content.length + 1];
    bytes[0] = tag;
    System.arraycopy(content, 0, bytes, 1, content.length);
    return bytes;
  }
}
