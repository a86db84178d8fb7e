package io.lockstep.ml;

import org.apache.spark.ml.util.Identifiable;

/**
 * The way of a uid into an object of Spark ML. The constructors above ours make params that ask for
 * it, before a constructor of ours can set a field; so it is left here for them.
 */
final class Uid {
  private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

  private Uid() {}

  /** Leaves a uid for the object that this thread makes next. */
  static Uid leave(String uid) {
    NEXT.set(uid);
    return new Uid();
  }

  /** Makes sure that the object has it by now. */
  void given(Identifiable to) {
    if (to.uid() == null) {
      throw new IllegalStateException("an object of Spark ML without a uid");
    }
  }

  /** Takes what was left. */
  static String take() {
    String uid = NEXT.get();
    NEXT.remove();
    return uid;
  }
}
