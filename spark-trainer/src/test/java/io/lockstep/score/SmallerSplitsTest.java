package io.lockstep.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmallerSplitsTest {
  private static final long MIB = 1L << 20;

  private static List<SourceSplit> of(long bytes, SourceSplit... splits) {
    Schema schema = Schema.of(Field.of("x", ElementType.FLOAT64), Field.of("y", ElementType.INT32));
    var layout = new SourceLayout(List.of(splits), schema, List.of(), List.of(), List.of(), bytes);
    return SmallerSplits.of(layout).splits();
  }

  @Test
  void aTableOfSomeMiBKeepsSeveralCoresBusy() {
    List<SourceSplit> splits =
        of(
            50 * MIB,
            new SourceSplit(0, "a", 0, 32 * MIB),
            new SourceSplit(1, "a", 32 * MIB, 50 * MIB + 7));
    assertThat(splits).hasSize(8 + 5);
    long at = 0;
    for (SourceSplit split : splits) {
      assertThat(split.index()).isEqualTo(splits.indexOf(split));
      assertThat(split.from()).isEqualTo(at);
      assertThat(split.to() - split.from()).isBetween(1L, 4 * MIB);
      at = split.to();
    }
    assertThat(at).isEqualTo(50 * MIB + 7);
  }

  @Test
  void whatIsLargeSmallOrPackedStays() {
    var part = new SourceSplit(0, "a", 0, 32 * MIB);
    assertThat(of(10_000 * MIB, part)).containsExactly(part);
    var small = new SourceSplit(0, "a", 0, 3 * MIB);
    assertThat(of(3 * MIB, small)).containsExactly(small);
    var packed = new SourceSplit(0, "a", 0, Long.MAX_VALUE);
    assertThat(of(900 * MIB, packed)).containsExactly(packed);
    var rows = new SourceSplit(0, "images", 0, 42_799);
    assertThat(of(32 * MIB, rows)).containsExactly(rows);
  }
}
