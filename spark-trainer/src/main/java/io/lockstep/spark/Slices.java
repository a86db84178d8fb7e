package io.lockstep.spark;

import io.lockstep.data.order.LongRange;
import io.lockstep.ps.Contribution;
import io.lockstep.train.Merge;
import io.lockstep.train.RoundResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import scala.Tuple2;

/**
 * Cuts the vectors of contributions, so that each slice can be merged somewhere else than on the
 * driver, and so that nothing which travels is large.
 *
 * <p>A value of the merged vector depends on the same value of each replica and nothing else; the
 * bits are the same however the vectors are cut.
 *
 * @param count number of slices
 */
record Slices(int count) implements Serializable {
  private static final float[] NONE = {};

  /**
   * Slices of which no merging task needs more than {@code mostBytes} for those of all replicas, as
   * far as vectors can be cut; at least one for each replica, so that all take part in merging.
   *
   * @param bytes of one contribution
   */
  static Slices of(int replicas, long bytes, long mostBytes) {
    long needed = (bytes * replicas + mostBytes - 1) / mostBytes;
    return new Slices((int) Math.max(replicas, Math.min(needed, 1 << 20)));
  }

  /**
   * The slices of one reply, by their number, each laid out when it is asked for. A reason why
   * there is no contribution goes to all of them, since each is merged on its own.
   */
  Iterator<Tuple2<Integer, byte[]>> cut(Reply reply) {
    return IntStream.range(0, count)
        .mapToObj(slice -> new Tuple2<>(slice, slice(reply, slice).encode()))
        .iterator();
  }

  private Reply slice(Reply reply, int slice) {
    if (reply instanceof Reply.Diverged) {
      return reply;
    }
    Contribution whole = reply.contribution();
    return new Reply.Contributed(
        new Contribution(
            whole.replica(),
            whole.examples(),
            whole.weight(),
            whole.steps(),
            whole.lossSum(),
            whole.padding(),
            whole.trained(),
            slice == 0 ? whole.carry() : NONE,
            slice(whole.values(), slice),
            slice(whole.updater(), slice)));
  }

  private float[] slice(float[] vector, int slice) {
    LongRange range = LongRange.piece(vector.length, count, slice);
    return Arrays.copyOfRange(vector, (int) range.from(), (int) range.to());
  }

  /** One slice of all replicas, merged in replica order, whatever order they come in. */
  static Reply merged(Iterator<Tuple2<Integer, byte[]>> replies) {
    return Reply.ofSlice(() -> merge(replies));
  }

  private static RoundResult merge(Iterator<Tuple2<Integer, byte[]>> replies) {
    List<Reply> read = new ArrayList<>();
    replies.forEachRemaining(each -> read.add(Reply.decode(each._2())));
    return merge(read);
  }

  /** As {@link #merged}, of replies that have been read. */
  static Reply mergedOf(List<Reply> replies) {
    return Reply.ofSlice(() -> merge(replies));
  }

  private static RoundResult merge(List<Reply> replies) {
    List<Contribution> contributions = new ArrayList<>();
    replies.forEach(each -> contributions.add(each.contribution()));
    contributions.sort(Comparator.comparingInt(Contribution::replica));
    Merge merge = new Merge();
    contributions.forEach(merge::add);
    return merge.result();
  }

  /** Puts merged slices together again, as they come; one copy of the whole is ever held. */
  final class Joining {
    private final float[] values;
    private final float[] updater;
    private RoundResult first;
    private RuntimeException failure;

    /** For vectors of these lengths. */
    Joining(int values, int updater) {
      this.values = new float[values];
      this.updater = new float[updater];
    }

    /** Takes slice {@code number}. */
    void add(int number, Reply reply) {
      RoundResult slice;
      try {
        slice = reply.slice();
      } catch (RuntimeException e) {
        failure = e;
        return;
      }
      put(slice.values(), values, number);
      put(slice.updater(), updater, number);
      if (number == 0) {
        first = slice;
      }
    }

    private void put(float[] from, float[] to, int number) {
      LongRange range = LongRange.piece(to.length, count, number);
      if (from.length != range.size()) {
        throw new IllegalStateException(
            "slice %d has %d values, not %d".formatted(number, from.length, range.size()));
      }
      System.arraycopy(from, 0, to, (int) range.from(), from.length);
    }

    /**
     * The whole.
     *
     * @throws io.lockstep.train.NonFiniteException if a slice says so
     */
    RoundResult result() {
      if (failure != null) {
        throw failure;
      }
      return new RoundResult(values, updater, first.steps(), first.loss(), first.shares());
    }
  }
}
