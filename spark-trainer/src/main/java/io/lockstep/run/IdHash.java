package io.lockstep.run;

import java.util.HexFormat;

/**
 * A hash of example ids in the order in which they were trained.
 *
 * <p>{@code h = EMPTY}, then for each id {@code h = mix(h + GAMMA + id)} with the mixing function
 * of SplitMix64 (Steele, Lea and Flood 2014). Another id, another order or a missing one gives
 * another hash, but for a chance of 2^-64; it protects against faults, not against forgery.
 */
public final class IdHash {
  /** The hash of no ids. */
  public static final long EMPTY = 0;

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private IdHash() {}

  /** The hash of the ids so far with {@code id} after them. */
  public static long add(long hash, long id) {
    long z = hash + GAMMA + id;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The hash of {@code ids}. */
  public static long of(long... ids) {
    long hash = EMPTY;
    for (long id : ids) {
      hash = add(hash, id);
    }
    return hash;
  }

  static String text(long hash) {
    return HexFormat.of().toHexDigits(hash);
  }

  /** Reads 16 hexadecimal digits; throws IllegalArgumentException on anything else. */
  static long parse(String text) {
    if (text == null || text.length() != 16) {
      throw new IllegalArgumentException("Not a hash of 16 hexadecimal digits: " + text);
    }
    return HexFormat.fromHexDigitsToLong(text);
  }
}
