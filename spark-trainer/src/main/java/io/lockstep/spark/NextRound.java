package io.lockstep.spark;

import io.lockstep.train.RoundRequest;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * What a replica that stays in its task is told to do next.
 *
 * <p>Layout, where it travels: {@code int32} number, passage, epoch, round; all -1 but the first
 * where there is no round.
 *
 * @param number of the round within the stay; {@link #LEAVING} and {@link #WAITING} are no rounds
 * @param passage of the state to begin with, and of what is brought; null if it is no round
 * @param request which round; null if it is none
 */
record NextRound(int number, Passage passage, RoundRequest request) {
  private static final int LEAVING = -1;
  private static final int WAITING = -2;
  private static final int BYTES = 4 * Integer.BYTES;

  /** The task is to end: its slot may be needed, or the replica is to go elsewhere. */
  static final NextRound LEAVE = new NextRound(LEAVING, null, null);

  /** There is nothing to do yet; the task is to ask again. */
  static final NextRound WAIT = new NextRound(WAITING, null, null);

  boolean isRound() {
    return number >= 0;
  }

  boolean isLeaving() {
    return number == LEAVING;
  }

  /** What {@link #decode} reads; of the passage, its number among those of the run alone. */
  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(number);
    if (isRound()) {
      bytes.putInt(((Travelling) passage).number()).putInt(request.epoch()).putInt(request.round());
    } else {
      bytes.putInt(-1).putInt(-1).putInt(-1);
    }
    return bytes.array();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param passages of the run, by number
   */
  static NextRound decode(byte[] bytes, IntFunction<Passage> passages) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int number = from.getInt();
    return switch (number) {
      case LEAVING -> LEAVE;
      case WAITING -> WAIT;
      default ->
          new NextRound(
              number,
              passages.apply(from.getInt()),
              new RoundRequest(from.getInt(), from.getInt()));
    };
  }
}
