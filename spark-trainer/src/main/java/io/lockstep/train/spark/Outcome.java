package io.lockstep.train.spark;

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
 * in place; then, but for the last, the length and the bytes. Spark reads it in the threads that
 * fetch results, so replicas are decoded side by side.
 */
public final class Outcome implements Externalizable {
  private static final long serialVersionUID = 1L;

  private static final int CONTRIBUTION = 0;
  private static final int SLICE = 1;
  private static final int DIVERGED = 2;
  private static final int IN_PLACE = 3;

  /** Stands for an outcome that need not travel. */
  static final Outcome LEFT_IN_PLACE = new Outcome(null, null, null);

  private transient Contribution contribution;
  private transient RoundResult slice;
  private transient String reason;

  /** For the serializer only. */
  public Outcome() {}

  private Outcome(Contribution contribution, RoundResult slice, String reason) {
    this.contribution = contribution;
    this.slice = slice;
    this.reason = reason;
  }

  /** Does a replica's work, and says so if it meets a value that is not finite. */
  static Outcome ofReplica(Supplier<Contribution> work) {
    try {
      return of(work.get());
    } catch (NonFiniteException e) {
      return new Outcome(null, null, e.getMessage());
    }
  }

  /** Merges, and passes on the first reason why that cannot be. */
  static Outcome ofSlice(Supplier<RoundResult> work) {
    try {
      return new Outcome(null, work.get(), null);
    } catch (NonFiniteException e) {
      return new Outcome(null, null, e.getMessage());
    }
  }

  static Outcome of(Contribution contribution) {
    return new Outcome(contribution, null, null);
  }

  /** Whether there is no content but a reason. */
  boolean diverged() {
    return reason != null;
  }

  /**
   * What the replica brings.
   *
   * @throws NonFiniteException if there is none, for the reason it gives
   */
  Contribution contribution() {
    requireFinite();
    return contribution;
  }

  /**
   * The merged slice.
   *
   * @throws NonFiniteException if there is none, for the reason a replica gave
   */
  RoundResult slice() {
    requireFinite();
    return slice;
  }

  private void requireFinite() {
    if (reason != null) {
      throw new NonFiniteException(reason);
    }
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    if (reason != null) {
      out.writeByte(DIVERGED);
      Bytes.write(out, reason.getBytes(StandardCharsets.UTF_8));
    } else if (slice != null) {
      out.writeByte(SLICE);
      Bytes.write(out, RoundResultCodec.encode(slice));
    } else if (contribution != null) {
      out.writeByte(CONTRIBUTION);
      Bytes.write(out, StateCodec.encode(contribution));
    } else {
      out.writeByte(IN_PLACE);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    int kind = in.readByte();
    if (kind == IN_PLACE) {
      return;
    }
    byte[] bytes = Bytes.read(in);
    switch (kind) {
      case CONTRIBUTION -> contribution = StateCodec.decodeContribution(bytes);
      case SLICE -> slice = RoundResultCodec.decode(bytes);
      case DIVERGED -> reason = new String(bytes, StandardCharsets.UTF_8);
      default -> throw new IOException("an outcome of kind " + kind + " is unknown here");
    }
  }
}
