package io.lockstep.spark;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.StateCodec;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundResult;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * What a task of a round returns: a contribution, a merged slice of all, why there is neither, or
 * only that it is where the driver finds it ({@link ByReference}).
 *
 * <p>A loss that became NaN is a result, not a fault of the machine: thrown, it would make Spark
 * try the task four times. It travels as one byte, 0 for a contribution (laid out by {@link
 * StateCodec}), 1 for a slice ({@link RoundResultCodec}), 2 for a reason in UTF-8, 3 for one left
 * in place; then the length and the bytes, of which the last has none. Spark reads it in the
 * threads that fetch results, so replicas are decoded side by side.
 */
public final class Outcome implements Externalizable {
  private static final long serialVersionUID = 1L;

  /** Stands for an outcome that need not travel. */
  static final Outcome LEFT_IN_PLACE = new Outcome(new InPlace());

  private transient Content content;

  /** For the serializer only. */
  public Outcome() {}

  private Outcome(Content content) {
    this.content = content;
  }

  private sealed interface Content {
    int kind();

    byte[] encode();

    static Content decode(int kind, byte[] bytes) throws IOException {
      return switch (kind) {
        case Contributed.KIND -> new Contributed(StateCodec.decodeContribution(bytes));
        case Merged.KIND -> new Merged(RoundResultCodec.decode(bytes));
        case Diverged.KIND -> new Diverged(new String(bytes, StandardCharsets.UTF_8));
        case InPlace.KIND -> new InPlace();
        default -> throw new IOException("an outcome of kind " + kind + " is unknown here");
      };
    }
  }

  private record Contributed(Contribution contribution) implements Content {
    static final int KIND = 0;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] encode() {
      return StateCodec.encode(contribution);
    }
  }

  private record Merged(RoundResult slice) implements Content {
    static final int KIND = 1;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] encode() {
      return RoundResultCodec.encode(slice);
    }
  }

  private record Diverged(String reason) implements Content {
    static final int KIND = 2;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] encode() {
      return reason.getBytes(StandardCharsets.UTF_8);
    }
  }

  private record InPlace() implements Content {
    static final int KIND = 3;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public byte[] encode() {
      return new byte[0];
    }
  }

  /** Does a replica's work, and says so if it meets a value that is not finite. */
  static Outcome ofReplica(Supplier<Contribution> work) {
    return attempt(() -> new Contributed(work.get()));
  }

  /** Merges, and passes on the first reason why that cannot be. */
  static Outcome ofSlice(Supplier<RoundResult> work) {
    return attempt(() -> new Merged(work.get()));
  }

  static Outcome of(Contribution contribution) {
    return new Outcome(new Contributed(contribution));
  }

  private static Outcome attempt(Supplier<Content> work) {
    try {
      return new Outcome(work.get());
    } catch (NonFiniteException e) {
      return new Outcome(new Diverged(e.getMessage()));
    }
  }

  /** Whether there is no content but a reason. */
  boolean diverged() {
    return content instanceof Diverged;
  }

  /**
   * What the replica brings.
   *
   * @throws NonFiniteException if there is none, for the reason it gives
   */
  Contribution contribution() {
    if (content instanceof Contributed brought) {
      return brought.contribution();
    }
    throw nothing("contribution");
  }

  /**
   * The merged slice.
   *
   * @throws NonFiniteException if there is none, for the reason a replica gave
   */
  RoundResult slice() {
    if (content instanceof Merged merged) {
      return merged.slice();
    }
    throw nothing("merged slice");
  }

  private RuntimeException nothing(String wanted) {
    return content instanceof Diverged diverged
        ? new NonFiniteException(diverged.reason())
        : new IllegalStateException("a " + wanted + " was expected, not " + content);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeByte(content.kind());
    Bytes.write(out, content.encode());
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    content = Content.decode(in.readByte(), Bytes.read(in));
  }
}
