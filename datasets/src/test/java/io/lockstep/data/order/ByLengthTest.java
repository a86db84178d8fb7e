package io.lockstep.data.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of similar length meet in a minibatch, and each row still comes once in every epoch. */
class ByLengthTest {
  private static final int BATCH = 4;

  /** The rows of an epoch in their order; the length of a row is a function of the row. */
  private static List<Long> rows(EpochOrder order, int epoch, long size) {
    EpochOrder.Epoch of = order.epoch(epoch, 1, size);
    List<Long> rows = new ArrayList<>();
    for (int group = 0; group < of.groups(); group++) {
      EpochOrder.Group shuffled = of.group(group);
      int[] blocks = shuffled.blocks();
      EpochOrder.Group trained =
          shuffled.with((block, row) -> length((long) blocks[block] * order.blockSize() + row));
      assertThat(trained.start()).isEqualTo(rows.size());
      for (int place = 0; place < trained.size(); place++) {
        rows.add(trained.rowAt(place));
      }
    }
    return rows;
  }

  private static int length(long row) {
    return (int) (row * 7919 % 97);
  }

  /** Steps that are computed in place of each one that is there. */
  private static double padded(List<Long> rows) {
    long there = 0;
    long computed = 0;
    for (int from = 0; from < rows.size(); from += BATCH) {
      List<Long> batch = rows.subList(from, Math.min(from + BATCH, rows.size()));
      there += batch.stream().mapToInt(ByLengthTest::length).sum();
      computed +=
          (long) batch.size() * batch.stream().mapToInt(ByLengthTest::length).max().orElse(0);
    }
    return (double) computed / there;
  }

  @ParameterizedTest
  @CsvSource({"0,4,2", "3,4,1", "9,4,2", "31,4,3", "1000,8,7", "1001,8,125", "64,1,5", "997,64,16"})
  void eachRowComesOnce(long size, int blockSize, int window) {
    EpochOrder order = new EpochOrder(42, blockSize, window).byLength(BATCH);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(rows(order, epoch, size).stream().sorted().toList())
          .isEqualTo(LongStream.range(0, size).boxed().toList());
    }
  }

  @Test
  void littleIsPadded() {
    var any = new EpochOrder(42, 64, 16);
    assertThat(padded(rows(any, 0, 1000))).isGreaterThan(1.5);
    assertThat(padded(rows(any.byLength(BATCH), 0, 1000))).isLessThan(1.1);
  }

  /** Who meets whom differs from epoch to epoch, and short ones do not come first. */
  @Test
  void epochsDiffer() {
    EpochOrder order = new EpochOrder(42, 64, 16).byLength(BATCH);
    List<Long> first = rows(order, 0, 400);
    assertThat(rows(order, 1, 400)).isNotEqualTo(first);
    assertThat(rows(order, 0, 400)).isEqualTo(first);
    double early =
        first.subList(0, 200).stream().mapToInt(ByLengthTest::length).average().orElse(0);
    double late =
        first.subList(200, 400).stream().mapToInt(ByLengthTest::length).average().orElse(0);
    assertThat(early / late).isBetween(0.8, 1.25);
  }

  /** Stable for ever: runs are resumed by it, and ledgers checked. */
  @Test
  void theOrderNeverChanges() {
    assertThat(rows(new EpochOrder(7, 4, 3).byLength(2), 2, 14))
        .containsExactly(4L, 1L, 2L, 7L, 0L, 11L, 10L, 3L, 9L, 6L, 8L, 5L, 13L, 12L);
  }

  @Test
  void anOrderThatMeansSomethingStays() {
    var kept = new EpochOrder(42, 4, 2, false);
    assertThatThrownBy(() -> kept.byLength(BATCH)).isInstanceOf(IllegalArgumentException.class);
  }
}
