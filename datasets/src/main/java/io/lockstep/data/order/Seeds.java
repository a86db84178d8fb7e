package io.lockstep.data.order;

/**
 * Seeds for every random choice of a run, derived from the plan's one seed.
 *
 * <p>A derived seed is a pure function of (purpose, seed, keys), so whoever repeats a step on
 * another machine draws the same numbers, and no two purposes share a stream. The functions here
 * are Lockstep's own so that they can never change under us: a change would silently change every
 * result, therefore golden values in the tests pin them.
 */
public final class Seeds {
  /** 2^64 divided by the golden ratio, made odd: the increment of SplitMix64. */
  public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** What the random numbers are for. The codes are part of every result: never reuse one. */
  public enum Purpose {
    /** Which examples are held out for validation, and how the rest is dealt to replicas. */
    SPLIT(1),
    /** The order of a replica's examples in an epoch; keys: epoch, replica. */
    ORDER(2),
    /** Random numbers within a step, such as dropout; keys: epoch, replica, step. */
    STEP(3),
    /** The initial weights. */
    WEIGHTS(4),
    /** Tokens drawn for a text. */
    GENERATE(5);

    private final long code;

    Purpose(long code) {
      this.code = code;
    }
  }

  private Seeds() {}

  /** Returns the seed for {@code purpose} at {@code keys} (epoch, replica, ...), in this order. */
  public static long derive(Purpose purpose, long seed, long... keys) {
    long hash = absorb(mix(seed), purpose.code);
    for (long key : keys) {
      hash = absorb(hash, key);
    }
    return hash;
  }

  private static long absorb(long hash, long key) {
    return mix(hash + GOLDEN_GAMMA + mix(key));
  }

  /** The finaliser of SplitMix64 (David Stafford's variant 13 of MurmurHash3's). */
  public static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
