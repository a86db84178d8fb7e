package io.lockstep.ps;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;

/**
 * The layout of states and contributions on a wire.
 *
 * <p>Little-endian. A state: {@code int32 'LSS1' | int64 step | int32 epoch | vector parameters |
 * vector updater}. A contribution: {@code int32 'LSC3' | int32 replica | int64 examples | float64
 * weight | int32 steps | float64 lossSum | int64 padding steps | int64 padding computed | int64
 * trained | vector carry | vector values | vector updater}. A vector: {@code int32 length | float32
 * * length}. The four letters carry the version.
 *
 * <p>Written and read as a stream, a few values at a time: nothing here counts bytes in 32 bits, so
 * a state of several gigabytes travels, and no copy of it is made. Thread-safe.
 */
public final class StateCodec {
  private static final int STATE_1 = 0x3153534c; // "LSS1"
  private static final int CONTRIBUTION_3 = 0x3343534c; // "LSC3"

  private StateCodec() {}

  /** Writes {@code state}. */
  public static void write(TrainingState state, DataOutput to) throws IOException {
    writeInt(STATE_1, to);
    writeLong(state.step(), to);
    writeInt(state.epoch(), to);
    FloatVectors.write(state.parameters(), to);
    FloatVectors.write(state.updater(), to);
  }

  /** Bytes that {@code state} takes. */
  public static long bytes(TrainingState state) {
    return 16L + FloatVectors.bytes(state.parameters()) + FloatVectors.bytes(state.updater());
  }

  /**
   * Reads a state, and not a byte more.
   *
   * @throws DamagedBytesException if the bytes do not begin with a whole state
   * @throws IOException if {@code from} fails
   */
  public static TrainingState readState(DataInput from) throws IOException {
    return read(
        from,
        STATE_1,
        "training state",
        in -> {
          long step = readLong(in);
          int epoch = readInt(in);
          return new TrainingState(FloatVectors.read(in), FloatVectors.read(in), step, epoch);
        });
  }

  /** Writes {@code contribution}. */
  public static void write(Contribution contribution, DataOutput to) throws IOException {
    writeInt(CONTRIBUTION_3, to);
    writeInt(contribution.replica(), to);
    writeLong(contribution.examples(), to);
    writeDouble(contribution.weight(), to);
    writeInt(contribution.steps(), to);
    writeDouble(contribution.lossSum(), to);
    writeLong(contribution.padding().steps(), to);
    writeLong(contribution.padding().computed(), to);
    writeLong(contribution.trained(), to);
    FloatVectors.write(contribution.carry(), to);
    FloatVectors.write(contribution.values(), to);
    FloatVectors.write(contribution.updater(), to);
  }

  /** Bytes that {@code contribution} takes. */
  public static long bytes(Contribution contribution) {
    return 60L
        + FloatVectors.bytes(contribution.carry())
        + FloatVectors.bytes(contribution.values())
        + FloatVectors.bytes(contribution.updater());
  }

  /**
   * Reads a contribution, and not a byte more.
   *
   * @throws DamagedBytesException if the bytes do not begin with a whole contribution
   * @throws IOException if {@code from} fails
   */
  public static Contribution readContribution(DataInput from) throws IOException {
    return read(
        from,
        CONTRIBUTION_3,
        "contribution",
        in ->
            new Contribution(
                readInt(in),
                readLong(in),
                readDouble(in),
                readInt(in),
                readDouble(in),
                new Padding(readLong(in), readLong(in)),
                readLong(in),
                FloatVectors.read(in),
                FloatVectors.read(in),
                FloatVectors.read(in)));
  }

  /** Writes a vector by itself. */
  public static void writeVector(float[] values, DataOutput to) throws IOException {
    FloatVectors.write(values, to);
  }

  /** Bytes that a vector takes by itself. */
  public static long vectorBytes(float[] values) {
    return FloatVectors.bytes(values);
  }

  /**
   * Reads a vector by itself.
   *
   * @throws DamagedBytesException if it cannot be one
   * @throws IOException if {@code from} fails or ends
   */
  public static float[] readVector(DataInput from) throws IOException {
    return FloatVectors.read(from);
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read(DataInput from) throws IOException;
  }

  private static <T> T read(DataInput from, int kind, String name, Reading<T> reading)
      throws IOException {
    try {
      int found = readInt(from);
      if (found != kind) {
        throw new DamagedBytesException(
            "not a %s: begins with 0x%08x instead of 0x%08x".formatted(name, found, kind));
      }
      return reading.read(from);
    } catch (EOFException | IllegalArgumentException e) {
      throw new DamagedBytesException("a damaged " + name, e);
    }
  }

  private static void writeInt(int value, DataOutput to) throws IOException {
    to.writeInt(Integer.reverseBytes(value));
  }

  private static void writeLong(long value, DataOutput to) throws IOException {
    to.writeLong(Long.reverseBytes(value));
  }

  private static void writeDouble(double value, DataOutput to) throws IOException {
    writeLong(Double.doubleToRawLongBits(value), to);
  }

  private static int readInt(DataInput from) throws IOException {
    return Integer.reverseBytes(from.readInt());
  }

  private static long readLong(DataInput from) throws IOException {
    return Long.reverseBytes(from.readLong());
  }

  private static double readDouble(DataInput from) throws IOException {
    return Double.longBitsToDouble(readLong(from));
  }
}
