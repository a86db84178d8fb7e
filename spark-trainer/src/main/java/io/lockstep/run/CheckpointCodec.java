package io.lockstep.run;

import io.lockstep.ps.TrainingState;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The layout of a checkpoint on disk.
 *
 * <p>Little-endian: {@code int32 'LSK2' | int32 length, UTF-8 bytes of the plan's fingerprint |
 * int64 round | int32 epoch | int32 roundInEpoch | int64 examples | float64 seconds | int32 1 if
 * there is a best, else 0 | float64 metric | int64 round | int32 epoch of the best | int32
 * withoutImprovement | int32 1 if the epoch before is yet to be evaluated | int64 step | int32
 * epoch of the state | int64 parameters | int64 updater | int64 velocity values | int32 carries |
 * int64 values of each carry | float32 parameters, updater, velocity, carries}. The letters carry
 * the version; version 1, which is still read, has no word on evaluation, 32-bit counts and no
 * carries.
 *
 * <p>Written and read as a stream in pieces of {@value #PIECE_FLOATS} values, so a state of several
 * gigabytes needs no second copy. The sizes are checked against the length of the file before
 * anything is allocated.
 */
final class CheckpointCodec {
  private static final int MAGIC_1 = 0x314B534C; // "LSK1" in file order
  private static final int MAGIC_2 = 0x324B534C; // "LSK2"
  private static final int MAX_FINGERPRINT_BYTES = 256;
  private static final int PIECE_FLOATS = 1 << 14;

  /** The longest array that every JVM can make. */
  private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

  private static final int START_BYTES = 8;

  /** Bytes of position and patience, which both versions have after the fingerprint. */
  private static final int COMMON_BYTES = (8 + 4 + 4 + 8 + 8) + (4 + 8 + 8 + 4 + 4);

  private static final int COUNTER_BYTES = 8 + 4;

  private CheckpointCodec() {}

  static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    byte[] plan = checkpoint.plan().getBytes(StandardCharsets.UTF_8);
    if (plan.length > MAX_FINGERPRINT_BYTES) {
      throw new IllegalArgumentException("Fingerprint of %d bytes".formatted(plan.length));
    }
    List<float[]> vectors = vectors(checkpoint);
    int carries = checkpoint.carries().size();
    byte[] bytes =
        new byte
            [START_BYTES
                + plan.length
                + COMMON_BYTES
                + (4 + COUNTER_BYTES)
                + Long.BYTES * vectors.size()
                + 4];
    ByteBuffer head = littleEndian(bytes);
    head.putInt(MAGIC_2).putInt(plan.length).put(plan);
    Position position = checkpoint.position();
    head.putLong(position.round()).putInt(position.epoch()).putInt(position.roundInEpoch());
    head.putLong(position.examples()).putDouble(position.seconds());
    Optional<Patience.Best> best = checkpoint.patience().best();
    head.putInt(best.isPresent() ? 1 : 0);
    head.putDouble(best.map(Patience.Best::metric).orElse(0.0));
    head.putLong(best.map(Patience.Best::round).orElse(0L));
    head.putInt(best.map(Patience.Best::epoch).orElse(0));
    head.putInt(checkpoint.patience().withoutImprovement());
    head.putInt(checkpoint.toBeEvaluated() ? 1 : 0);
    TrainingState state = checkpoint.state();
    head.putLong(state.step()).putInt(state.epoch());
    for (int i = 0; i < vectors.size(); i++) {
      if (i == vectors.size() - carries) {
        head.putInt(carries);
      }
      head.putLong(vectors.get(i).length);
    }
    if (carries == 0) {
      head.putInt(0);
    }
    out.write(bytes);
    for (float[] vector : vectors) {
      writeFloats(vector, out);
    }
  }

  /** All vectors, in the order in which they are written. */
  private static List<float[]> vectors(Checkpoint checkpoint) {
    var vectors = new ArrayList<float[]>();
    vectors.add(checkpoint.state().parameters());
    vectors.add(checkpoint.state().updater());
    vectors.add(checkpoint.velocity());
    vectors.addAll(checkpoint.carries());
    return vectors;
  }

  /**
   * Reads what {@link #write} wrote, or an earlier version of it.
   *
   * @param length of the file that {@code source} reads
   * @throws DamagedFileException if the file cannot be a checkpoint of that length
   */
  static Checkpoint read(InputStream source, long length) throws IOException {
    var in = new DataInputStream(source);
    try {
      ByteBuffer start = littleEndian(in.readNBytes(START_BYTES));
      int magic = start.getInt();
      int planBytes = start.getInt();
      boolean first = magic == MAGIC_1;
      if ((!first && magic != MAGIC_2) || planBytes < 0 || planBytes > MAX_FINGERPRINT_BYTES) {
        throw new DamagedFileException(
            "not a checkpoint: begins with 0x%08x instead of 0x%08x".formatted(magic, MAGIC_2));
      }
      String plan = new String(in.readNBytes(planBytes), StandardCharsets.UTF_8);
      ByteBuffer head = littleEndian(in.readNBytes(COMMON_BYTES));
      var position =
          new Position(
              head.getLong(), head.getInt(), head.getInt(), head.getLong(), head.getDouble());
      boolean hasBest = head.getInt() == 1;
      var best = new Patience.Best(head.getDouble(), head.getLong(), head.getInt());
      var patience = new Patience(hasBest ? Optional.of(best) : Optional.empty(), head.getInt());
      boolean toBeEvaluated = !first && littleEndian(in.readNBytes(4)).getInt() == 1;
      ByteBuffer counters = littleEndian(in.readNBytes(COUNTER_BYTES));
      long step = counters.getLong();
      int epoch = counters.getInt();
      long left = length - START_BYTES - planBytes - COMMON_BYTES - COUNTER_BYTES;
      long[] sizes = first ? sizes1(in, left) : sizes2(in, left - 4);
      var state =
          new TrainingState(readFloats(in, sizes[0]), readFloats(in, sizes[1]), step, epoch);
      float[] velocity = readFloats(in, sizes[2]);
      var carries = new ArrayList<float[]>();
      for (int i = 3; i < sizes.length; i++) {
        carries.add(readFloats(in, sizes[i]));
      }
      return new Checkpoint(plan, position, state, velocity, patience, carries, toBeEvaluated);
    } catch (EOFException | BufferUnderflowException e) {
      throw new DamagedFileException("ends early", e);
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException("impossible values: " + e.getMessage(), e);
    }
  }

  private static long[] sizes1(DataInputStream in, long left) throws IOException {
    ByteBuffer counts = littleEndian(in.readNBytes(3 * Integer.BYTES));
    long[] sizes = {counts.getInt(), counts.getInt(), counts.getInt()};
    checkSizes(left - 3 * Integer.BYTES, sizes);
    return sizes;
  }

  private static long[] sizes2(DataInputStream in, long left) throws IOException {
    ByteBuffer counts = littleEndian(in.readNBytes(3 * Long.BYTES + Integer.BYTES));
    long[] vectors = {counts.getLong(), counts.getLong(), counts.getLong()};
    int carries = counts.getInt();
    long after = left - 3 * Long.BYTES - Integer.BYTES;
    if (carries < 0 || carries > after / Long.BYTES) {
      throw new DamagedFileException(
          "announces %d carries, but %d bytes follow".formatted(carries, after));
    }
    long[] sizes = Arrays.copyOf(vectors, 3 + carries);
    ByteBuffer carried = littleEndian(in.readNBytes(carries * Long.BYTES));
    for (int i = 3; i < sizes.length; i++) {
      sizes[i] = carried.getLong();
    }
    checkSizes(after - (long) carries * Long.BYTES, sizes);
    return sizes;
  }

  private static void checkSizes(long left, long[] sizes) throws DamagedFileException {
    long values = 0;
    for (long size : sizes) {
      boolean possible = size >= 0 && size <= MAX_VALUES && values <= left;
      values = possible ? values + size : Long.MAX_VALUE;
    }
    if (left < 0 || values > left / Float.BYTES || values * Float.BYTES != left) {
      throw new DamagedFileException(
          "announces %d parameters, %d updater and %d velocity values%s, but %d bytes follow"
              .formatted(
                  sizes[0],
                  sizes[1],
                  sizes[2],
                  sizes.length > 3 ? " and %d carries".formatted(sizes.length - 3) : "",
                  left));
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeFloats(float[] values, OutputStream out) throws IOException {
    byte[] piece = new byte[Math.min(values.length, PIECE_FLOATS) * Float.BYTES];
    FloatBuffer floats = littleEndian(piece).asFloatBuffer();
    for (long from = 0; from < values.length; from += PIECE_FLOATS) {
      int count = (int) Math.min(PIECE_FLOATS, values.length - from);
      floats.put(0, values, (int) from, count);
      out.write(piece, 0, count * Float.BYTES);
    }
  }

  private static float[] readFloats(DataInputStream in, long length) throws IOException {
    float[] values = new float[(int) length];
    byte[] piece = new byte[Math.min(values.length, PIECE_FLOATS) * Float.BYTES];
    FloatBuffer floats = littleEndian(piece).asFloatBuffer();
    for (long from = 0; from < length; from += PIECE_FLOATS) {
      int count = (int) Math.min(PIECE_FLOATS, length - from);
      in.readFully(piece, 0, count * Float.BYTES);
      floats.get(0, values, (int) from, count);
    }
    return values;
  }
}
