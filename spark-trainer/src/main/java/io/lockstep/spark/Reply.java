package io.lockstep.spark;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.StateCodec;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundResult;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * What a task of a round answers: a contribution, a merged slice of all, why there is neither, or
 * only that it is where the driver finds it ({@link ByReference}).
 *
 * <p>A loss that became NaN is a result, not a fault of the machine: thrown, it would make Spark
 * try the task four times. A reply travels as bytes, which every serializer of Spark knows: one
 * byte says which it is, 0 for a contribution (laid out by {@link StateCodec}), 1 for a slice
 * ({@link MergedCodec}), 2 for a reason (length and UTF-8), 3 for one left in place, 4 for one kept
 * by an executor (its name, host and port).
 */
sealed interface Reply {
  /** Bytes of a reason, at most. */
  int MOST_REASON = 1 << 20;

  /** Stands for a reply that need not travel. */
  static Reply leftInPlace() {
    return new LeftInPlace();
  }

  /** A contribution, or a slice of one. */
  record Contributed(Contribution contribution) implements Reply {
    @Override
    public long bytes() {
      return 1 + StateCodec.bytes(contribution);
    }

    @Override
    public void write(DataOutput to) throws IOException {
      to.writeByte(0);
      StateCodec.write(contribution, to);
    }
  }

  /** A slice of all contributions. */
  record Merged(RoundResult slice) implements Reply {
    @Override
    public long bytes() {
      return 1 + MergedCodec.bytes(slice);
    }

    @Override
    public void write(DataOutput to) throws IOException {
      to.writeByte(1);
      MergedCodec.write(slice, to);
    }
  }

  /** Why there is nothing. */
  record Diverged(String reason) implements Reply {
    @Override
    public long bytes() {
      return 5L + reason.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(DataOutput to) throws IOException {
      byte[] text = reason.getBytes(StandardCharsets.UTF_8);
      to.writeByte(2);
      to.writeInt(text.length);
      to.write(text);
    }
  }

  /** See {@link #leftInPlace}. */
  record LeftInPlace() implements Reply {
    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public void write(DataOutput to) throws IOException {
      to.writeByte(3);
    }
  }

  /**
   * It stays with the executor that made it ({@link ByPieces}).
   *
   * @param executor what Spark calls it
   * @param host where its block manager listens
   * @param port there
   */
  record KeptAt(String executor, String host, int port) implements Reply {
    @Override
    public long bytes() {
      return 5L + utf(executor).length + utf(host).length + Integer.BYTES;
    }

    private static byte[] utf(String text) {
      return text.getBytes(StandardCharsets.UTF_8); // as modified UTF-8 has names of hosts too
    }

    @Override
    public void write(DataOutput to) throws IOException {
      to.writeByte(4);
      to.writeUTF(executor);
      to.writeUTF(host);
      to.writeInt(port);
    }
  }

  /** Does a replica's work, and says so if it meets a value that is not finite. */
  static Reply ofReplica(Supplier<Contribution> work) {
    return attempt(() -> new Contributed(work.get()));
  }

  /** Merges, and passes on the first reason why that cannot be. */
  static Reply ofSlice(Supplier<RoundResult> work) {
    return attempt(() -> new Merged(work.get()));
  }

  private static Reply attempt(Supplier<Reply> work) {
    try {
      return work.get();
    } catch (NonFiniteException e) {
      return new Diverged(e.getMessage());
    }
  }

  /**
   * What the replica brings.
   *
   * @throws NonFiniteException if there is none, for the reason it gives
   */
  default Contribution contribution() {
    if (this instanceof Contributed brought) {
      return brought.contribution();
    }
    throw nothing("contribution");
  }

  /**
   * The merged slice.
   *
   * @throws NonFiniteException if there is none, for the reason a replica gave
   */
  default RoundResult slice() {
    if (this instanceof Merged merged) {
      return merged.slice();
    }
    throw nothing("merged slice");
  }

  private RuntimeException nothing(String wanted) {
    return this instanceof Diverged diverged
        ? new NonFiniteException(diverged.reason())
        : new IllegalStateException("a " + wanted + " was expected, not " + this);
  }

  /** Bytes that {@link #write} writes. */
  long bytes();

  /** Writes the reply as described above. */
  void write(DataOutput to) throws IOException;

  /**
   * The reply as bytes.
   *
   * @throws IllegalStateException if they are more than an array holds: it should have been cut
   *     into {@link Slices}
   */
  default byte[] encode() {
    long bytes = bytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("a reply of %,d bytes was not cut".formatted(bytes));
    }
    return ExactBytes.of((int) bytes, this::write);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws io.lockstep.ps.DamagedBytesException if vectors in it are damaged
   */
  static Reply decode(byte[] bytes) {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged reply of a task", e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws io.lockstep.ps.DamagedBytesException if vectors in it are damaged
   * @throws IOException if it is no reply, or {@code from} fails
   */
  static Reply read(DataInput from) throws IOException {
    int kind = from.readUnsignedByte();
    return switch (kind) {
      case 0 -> new Contributed(StateCodec.readContribution(from));
      case 1 -> new Merged(MergedCodec.read(from));
      case 2 -> {
        int length = from.readInt();
        if (length < 0 || length > MOST_REASON) {
          throw new IOException("a reason of " + length + " bytes is announced");
        }
        byte[] text = new byte[length];
        from.readFully(text);
        yield new Diverged(new String(text, StandardCharsets.UTF_8));
      }
      case 3 -> leftInPlace();
      case 4 -> new KeptAt(from.readUTF(), from.readUTF(), from.readInt());
      default -> throw new IOException("a reply of kind " + kind + " is unknown here");
    };
  }
}
