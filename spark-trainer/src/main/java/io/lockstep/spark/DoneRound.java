package io.lockstep.spark;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a replica that stays in its task tells of itself when it asks for the next round.
 *
 * <p>Layout, where it travels: {@code int32} stay, replica, number, {@code int64} nanoseconds, then
 * the reply as {@link Reply#encode} lays it out; nothing of it if the replica has only come.
 *
 * @param stay which stay the task belongs to
 * @param replica its number
 * @param number of the round that is done, negative if the replica has only come
 * @param workedNanos for which it was at work
 * @param reply what the passage of the round made of what it brings; null if it has only come
 */
record DoneRound(int stay, int replica, int number, long workedNanos, Reply reply) {
  private static final int HEAD = 3 * Integer.BYTES + Long.BYTES;

  /** A replica that has come. */
  static DoneRound none(int stay, int replica) {
    return new DoneRound(stay, replica, -1, 0, null);
  }

  /** What {@link #decode} reads. */
  byte[] encode() {
    byte[] laidOut = reply == null ? new byte[0] : reply.encode();
    return ByteBuffer.allocate(HEAD + laidOut.length)
        .putInt(stay)
        .putInt(replica)
        .putInt(number)
        .putLong(workedNanos)
        .put(laidOut)
        .array();
  }

  /** Reads what {@link #encode} wrote. */
  static DoneRound decode(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int stay = from.getInt();
    int replica = from.getInt();
    int number = from.getInt();
    long nanos = from.getLong();
    return number < 0
        ? none(stay, replica)
        : new DoneRound(
            stay,
            replica,
            number,
            nanos,
            Reply.decode(Arrays.copyOfRange(bytes, HEAD, bytes.length)));
  }
}
