package io.lockstep.data.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In every epoch every row of a shard comes once, whatever fits into the window. */
class WindowedOrderTest {
  private static List<Long> rows(EpochOrder order, int epoch, int replica, long size) {
    EpochOrder.Epoch of = order.epoch(epoch, replica, size);
    List<Long> rows = new ArrayList<>();
    for (int group = 0; group < of.groups(); group++) {
      EpochOrder.Group rowsOf = of.group(group);
      assertThat(rowsOf.start()).isEqualTo(rows.size());
      for (int place = 0; place < rowsOf.size(); place++) {
        assertThat(of.groupOf(rows.size())).isEqualTo(group);
        rows.add(rowsOf.rowAt(place));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "0,4,2",
    "1,4,2",
    "3,4,1",
    "4,4,1",
    "5,4,1",
    "8,4,2",
    "9,4,2",
    "17,4,2",
    "31,4,3",
    "32,4,3",
    "1000,8,7",
    "1001,8,7",
    "1007,8,125",
    "64,1,5"
  })
  void eachRowComesOnce(long size, int blockSize, int window) {
    var order = new EpochOrder(42, blockSize, window);
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Long> rows = rows(order, epoch, 1, size);
      assertThat(rows).hasSize((int) size);
      assertThat(rows.stream().sorted().toList())
          .isEqualTo(LongStream.range(0, size).boxed().toList());
    }
  }

  /** A shard that fits is shuffled as it always was. */
  @Test
  void aShardWithinTheWindowIsShuffledAsAWhole() {
    int[] whole = new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, 42, 3, 1)).permutation(30);
    List<Long> rows = rows(new EpochOrder(42, 8, 4), 3, 1, 30);
    assertThat(rows).isEqualTo(IntStream.of(whole).mapToObj(i -> (long) i).toList());
  }

  @Test
  void aGroupHoldsNoMoreThanTheWindow() {
    EpochOrder.Epoch epoch = new EpochOrder(42, 8, 3).epoch(0, 0, 100);
    for (int group = 0; group < epoch.groups(); group++) {
      assertThat(epoch.group(group).blocks().length).isLessThanOrEqualTo(3);
      assertThat(epoch.group(group).size()).isLessThanOrEqualTo(24);
    }
  }

  /** However much a plan lets be shuffled together, rows of a group can be counted with an int. */
  @Test
  void aWindowOfATerabyteIsOnlyAsLargeAsAnOrderCanBe() {
    Schema narrow =
        Schema.of(Field.of("x", ElementType.FLOAT32, 1), Field.of("y", ElementType.INT32));
    int blockSize = BlockSize.of(narrow, 0);
    int window = BlockSize.window(narrow, 0, blockSize, 1L << 40);
    assertThat(blockSize).isEqualTo(65_536);
    assertThat(window).isEqualTo(16_384);
    assertThat(new EpochOrder(42, blockSize, window).groups(100_000_000_000L)).isEqualTo(94);
  }

  @Test
  void blocksArePowersOfTwoOfAtMost4MebibytesAndWindowsHoldAtLeastOne() {
    Schema images =
        Schema.of(Field.of("x", ElementType.UINT8, 1, 28, 28), Field.of("y", ElementType.INT32));
    assertThat(BlockSize.of(images, 0)).isEqualTo(4096); // 796 bytes each
    assertThat(BlockSize.window(images, 0, 4096, 64L << 20)).isEqualTo(20);
    assertThat(BlockSize.window(images, 0, 4096, 1)).isEqualTo(1);
    Schema huge =
        Schema.of(Field.of("x", ElementType.FLOAT32, 2_000_000), Field.of("y", ElementType.INT32));
    assertThat(BlockSize.of(huge, 0)).isEqualTo(1);
    Schema text =
        Schema.of(Field.sequence("x", ElementType.INT32), Field.of("y", ElementType.INT32));
    assertThat(BlockSize.of(text, 252.0)).isEqualTo(4096); // 1024 bytes each
    assertThat(BlockSize.of(text, 253.0)).isEqualTo(2048);
  }

  @Test
  void isStableForEver() {
    assertThat(rows(new EpochOrder(42, 2, 2), 0, 0, 9)).containsExactly(GOLDEN_FIRST);
    assertThat(rows(new EpochOrder(42, 2, 2), 5, 3, 9)).containsExactly(GOLDEN_SIXTH);
    assertThat(rows(new EpochOrder(42, 64, 5), 2, 1, 10_000).hashCode()).isEqualTo(-348021695);
  }

  private static final Long[] GOLDEN_FIRST = {8L, 5L, 4L, 3L, 1L, 2L, 0L, 6L, 7L};
  private static final Long[] GOLDEN_SIXTH = {8L, 5L, 4L, 0L, 1L, 7L, 6L, 3L, 2L};

  @Test
  void anOrderThatIsNotShuffledIsThatOfTheRowsInEveryEpoch() {
    var order = new EpochOrder(42, 8, 3, false);

    List<Long> ascending = LongStream.range(0, 100).boxed().toList();
    assertThat(rows(order, 0, 0, 100)).isEqualTo(ascending);
    assertThat(rows(order, 3, 1, 100)).isEqualTo(ascending);
  }
}
