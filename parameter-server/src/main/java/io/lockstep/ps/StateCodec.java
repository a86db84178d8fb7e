package io.lockstep.ps;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The layout of states and contributions on a wire or a disk.
 *
 * <p>Little-endian. A state: {@code int32 'LSS1' | int64 step | int32 epoch | vector parameters |
 * vector updater}. A contribution: {@code int32 'LSC1' | int32 replica | int64 weight | int32 steps
 * | float64 lossSum | int64 trained | vector values | vector updater}. A vector: {@code int32
 * length | float32 * length}. The four letters carry the version; bytes left over are refused.
 * Thread-safe.
 */
public final class StateCodec {
  private static final int STATE_1 = 0x3153534c; // "LSS1"
  private static final int CONTRIBUTION_1 = 0x3143534c; // "LSC1"

  private StateCodec() {}

  /** Lays {@code state} out as bytes. */
  public static byte[] encode(TrainingState state) {
    return encode(
        STATE_1,
        bytes(state) - Integer.BYTES,
        to -> {
          to.putLong(state.step()).putInt(state.epoch());
          FloatVectors.put(to, state.parameters());
          FloatVectors.put(to, state.updater());
        });
  }

  /** Length of {@code state} when it is laid out. */
  public static long bytes(TrainingState state) {
    return 16L + bytes(state.parameters()) + bytes(state.updater());
  }

  /**
   * Reads a state.
   *
   * @throws DamagedBytesException if the bytes are not exactly one state
   */
  public static TrainingState decodeState(byte[] bytes) {
    return decode(
        bytes,
        STATE_1,
        "training state",
        from -> {
          long step = from.getLong();
          int epoch = from.getInt();
          return new TrainingState(FloatVectors.get(from), FloatVectors.get(from), step, epoch);
        });
  }

  /** Lays {@code contribution} out as bytes. */
  public static byte[] encode(Contribution contribution) {
    return encode(
        CONTRIBUTION_1,
        32L + bytes(contribution.values()) + bytes(contribution.updater()),
        to -> {
          to.putInt(contribution.replica()).putLong(contribution.weight());
          to.putInt(contribution.steps()).putDouble(contribution.lossSum());
          to.putLong(contribution.trained());
          FloatVectors.put(to, contribution.values());
          FloatVectors.put(to, contribution.updater());
        });
  }

  /**
   * Reads a contribution.
   *
   * @throws DamagedBytesException if the bytes are not exactly one contribution
   */
  public static Contribution decodeContribution(byte[] bytes) {
    return decode(
        bytes,
        CONTRIBUTION_1,
        "contribution",
        from -> {
          int replica = from.getInt();
          long weight = from.getLong();
          int steps = from.getInt();
          double lossSum = from.getDouble();
          long trained = from.getLong();
          return new Contribution(
              replica,
              weight,
              steps,
              lossSum,
              trained,
              FloatVectors.get(from),
              FloatVectors.get(from));
        });
  }

  private static long bytes(float[] values) {
    return Integer.BYTES + (long) values.length * Float.BYTES;
  }

  private static byte[] encode(int kind, long size, Consumer<ByteBuffer> write) {
    byte[] bytes = new byte[Math.toIntExact(Integer.BYTES + size)];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(kind);
    write.accept(to);
    if (to.hasRemaining()) {
      throw new AssertionError(to.remaining() + " bytes too many were allocated");
    }
    return bytes;
  }

  private static <T> T decode(byte[] bytes, int kind, String name, Function<ByteBuffer, T> read) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int found = from.getInt();
      if (found != kind) {
        throw new DamagedBytesException(
            "not a %s: begins with 0x%08x instead of 0x%08x".formatted(name, found, kind));
      }
      T value = read.apply(from);
      if (from.hasRemaining()) {
        throw new DamagedBytesException(from.remaining() + " bytes follow the " + name);
      }
      return value;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new DamagedBytesException("a damaged " + name + " of " + bytes.length + " bytes", e);
    }
  }
}
