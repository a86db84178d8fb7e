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
import java.util.Optional;

/**
 * The layout of a checkpoint on disk.
 *
 * <p>Little-endian: {@code int32 'LSK1' | int32 length, UTF-8 bytes of the plan's fingerprint |
 * int64 round | int32 epoch | int32 roundInEpoch | int64 examples | float64 seconds | int32 1 if
 * there is a best, else 0 | float64 metric | int64 round | int32 epoch of the best | int32
 * withoutImprovement | int64 step | int32 epoch of the state | int32 parameters | int32 updater |
 * int32 velocity values | float32 parameters, updater, velocity}. The letters carry the version.
 *
 * <p>Written and read as a stream, so a state of several gigabytes needs no second copy. The sizes
 * are checked against the length of the file before anything is allocated.
 */
final class CheckpointCodec {
  private static final int MAGIC_1 = 0x314B534C; // "LSK1" in file order
  private static final int MAX_FINGERPRINT_BYTES = 256;
  private static final int CHUNK_FLOATS = 1 << 14;

  /** Bytes between the fingerprint and the values. */
  private static final int FIXED_BYTES =
      (8 + 4 + 4 + 8 + 8) + (4 + 8 + 8 + 4 + 4) + (8 + 4) + (4 + 4 + 4);

  private CheckpointCodec() {}

  static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    byte[] plan = checkpoint.plan().getBytes(StandardCharsets.UTF_8);
    if (plan.length > MAX_FINGERPRINT_BYTES) {
      throw new IllegalArgumentException("Fingerprint of %d bytes".formatted(plan.length));
    }
    byte[] bytes = new byte[8 + plan.length + FIXED_BYTES];
    ByteBuffer head = littleEndian(bytes);
    head.putInt(MAGIC_1).putInt(plan.length).put(plan);
    Position position = checkpoint.position();
    head.putLong(position.round()).putInt(position.epoch()).putInt(position.roundInEpoch());
    head.putLong(position.examples()).putDouble(position.seconds());
    Optional<Patience.Best> best = checkpoint.patience().best();
    head.putInt(best.isPresent() ? 1 : 0);
    head.putDouble(best.map(Patience.Best::metric).orElse(0.0));
    head.putLong(best.map(Patience.Best::round).orElse(0L));
    head.putInt(best.map(Patience.Best::epoch).orElse(0));
    head.putInt(checkpoint.patience().withoutImprovement());
    TrainingState state = checkpoint.state();
    head.putLong(state.step()).putInt(state.epoch());
    head.putInt(state.parameters().length).putInt(state.updater().length);
    head.putInt(checkpoint.velocity().length);
    out.write(bytes);
    writeFloats(state.parameters(), out);
    writeFloats(state.updater(), out);
    writeFloats(checkpoint.velocity(), out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param length of the file that {@code source} reads
   * @throws DamagedFileException if the file cannot be a checkpoint of that length
   */
  static Checkpoint read(InputStream source, long length) throws IOException {
    var in = new DataInputStream(source);
    try {
      ByteBuffer start = littleEndian(in.readNBytes(8));
      int magic = start.getInt();
      int planBytes = start.getInt();
      if (magic != MAGIC_1 || planBytes < 0 || planBytes > MAX_FINGERPRINT_BYTES) {
        throw new DamagedFileException(
            "not a checkpoint: begins with 0x%08x instead of 0x%08x".formatted(magic, MAGIC_1));
      }
      String plan = new String(in.readNBytes(planBytes), StandardCharsets.UTF_8);
      ByteBuffer head = littleEndian(in.readNBytes(FIXED_BYTES));
      var position =
          new Position(
              head.getLong(), head.getInt(), head.getInt(), head.getLong(), head.getDouble());
      boolean hasBest = head.getInt() == 1;
      var best = new Patience.Best(head.getDouble(), head.getLong(), head.getInt());
      var patience = new Patience(hasBest ? Optional.of(best) : Optional.empty(), head.getInt());
      long step = head.getLong();
      int epoch = head.getInt();
      int parameters = head.getInt();
      int updater = head.getInt();
      int velocity = head.getInt();
      checkSizes(length - 8 - planBytes - FIXED_BYTES, parameters, updater, velocity);
      var state =
          new TrainingState(readFloats(in, parameters), readFloats(in, updater), step, epoch);
      return new Checkpoint(plan, position, state, readFloats(in, velocity), patience);
    } catch (EOFException | BufferUnderflowException e) {
      throw new DamagedFileException("ends early", e);
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException("impossible values: " + e.getMessage(), e);
    }
  }

  private static void checkSizes(long left, int parameters, int updater, int velocity)
      throws DamagedFileException {
    long values = (long) parameters + updater + velocity;
    if (parameters < 0 || updater < 0 || velocity < 0 || values * Float.BYTES != left) {
      throw new DamagedFileException(
          "announces %d parameters, %d updater and %d velocity values, but %d bytes follow"
              .formatted(parameters, updater, velocity, left));
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeFloats(float[] values, OutputStream out) throws IOException {
    byte[] chunk = new byte[Math.min(values.length, CHUNK_FLOATS) * Float.BYTES];
    FloatBuffer floats = littleEndian(chunk).asFloatBuffer();
    for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - from);
      floats.put(0, values, from, count);
      out.write(chunk, 0, count * Float.BYTES);
    }
  }

  private static float[] readFloats(DataInputStream in, int length) throws IOException {
    float[] values = new float[length];
    byte[] chunk = new byte[Math.min(length, CHUNK_FLOATS) * Float.BYTES];
    FloatBuffer floats = littleEndian(chunk).asFloatBuffer();
    for (int from = 0; from < length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, length - from);
      in.readFully(chunk, 0, count * Float.BYTES);
      floats.get(0, values, from, count);
    }
    return values;
  }
}
