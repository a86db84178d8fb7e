package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each example is trained exactly once an epoch, whatever the counts. */
class EpochCoverageTest {
  private static final int[] EXAMPLES = {1, 2, 3, 7, 10, 39, 64, 65, 127, 1000};
  private static final int[] REPLICAS = {1, 2, 3, 4, 7, 16};
  private static final int[] BATCHES = {1, 2, 5, 32, 64, 2000};
  private static final double[] FRACTIONS = {0, 0.1, 0.5};

  @Test
  void everyExampleIsInExactlyOneMinibatchOfOneReplica() {
    for (int examples : EXAMPLES) {
      for (int replicas : REPLICAS) {
        for (int batch : BATCHES) {
          for (double fraction : FRACTIONS) {
            if (examples > 1 || fraction == 0) {
              checkEpoch(examples, replicas, batch, fraction);
            }
          }
        }
      }
    }
  }

  private static void checkEpoch(int examples, int replicas, int batch, double fraction) {
    String where =
        "examples %d, replicas %d, batch %d, validation %s"
            .formatted(examples, replicas, batch, fraction);
    Split split = Split.of(examples, fraction, 42);
    int[] trained = new int[examples];
    for (int replica = 0; replica < replicas; replica++) {
      int[] shard = split.shard(replicas, replica);
      int[] order = EpochOrder.permutation(42, 3, replica, shard.length);
      Minibatches minibatches = new Minibatches(order, batch);
      for (int i = 0; i < minibatches.count(); i++) {
        int[] rows = minibatches.at(i);
        assertThat(rows.length).as(where).isBetween(1, batch);
        if (i < minibatches.count() - 1) {
          assertThat(rows.length).as(where).isEqualTo(batch);
        }
        for (int row : rows) {
          trained[shard[row]]++;
        }
      }
    }
    for (int held : split.validation()) {
      assertThat(trained[held]).as(where).isZero();
      trained[held]++;
    }
    assertThat(trained).as(where).containsOnly(1);
  }

  @Test
  void shardsFollowEachOtherAndDifferByAtMostOne() {
    for (int count : new int[] {0, 1, 5, 39, 1000, Integer.MAX_VALUE}) {
      for (int replicas : REPLICAS) {
        int end = 0;
        for (int replica = 0; replica < replicas; replica++) {
          IndexRange range = Shards.range(count, replicas, replica);
          assertThat(range.from()).isEqualTo(end);
          assertThat(range.size() - count / replicas).isBetween(0, 1);
          end = range.to();
        }
        assertThat(end).isEqualTo(count);
      }
    }
  }

  @Test
  void shardsOf39ExamplesOn4ReplicasAreTheseForEver() {
    assertThat(Shards.range(39, 4, 0)).isEqualTo(new IndexRange(0, 10));
    assertThat(Shards.range(39, 4, 1)).isEqualTo(new IndexRange(10, 20));
    assertThat(Shards.range(39, 4, 2)).isEqualTo(new IndexRange(20, 30));
    assertThat(Shards.range(39, 4, 3)).isEqualTo(new IndexRange(30, 39));
  }

  @Test
  void splitIsTheSameForEver() {
    Split split = Split.of(10, 0.3, 42);
    assertThat(split.validation()).containsExactly(0, 3, 5);
    assertThat(split.training()).containsExactly(9, 1, 6, 8, 2, 4, 7);
    assertThat(split.shard(2, 0)).isSorted();
  }

  @Test
  void splitDependsOnTheSeed() {
    assertThat(Split.of(1000, 0.1, 1).validation())
        .isNotEqualTo(Split.of(1000, 0.1, 2).validation());
  }

  @Test
  void shardsOfAFileSortedByClassHoldAllClasses() {
    int[] classes = new int[1000];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i / 100;
    }
    Split split = Split.of(1000, 0.1, 42);
    for (int replica = 0; replica < 4; replica++) {
      Set<Integer> seen = new HashSet<>();
      for (int position : split.shard(4, replica)) {
        seen.add(classes[position]);
      }
      assertThat(seen).hasSize(10);
    }
  }

  @Test
  void fractionRoundsToTheNearestCountButHoldsAtLeastOne() {
    assertThat(Split.of(60_000, 0.1, 1).validation()).hasSize(6000);
    assertThat(Split.of(15, 0.1, 1).validation()).hasSize(2);
    assertThat(Split.of(14, 0.1, 1).validation()).hasSize(1);
    assertThat(Split.of(3, 0.01, 1).validation()).hasSize(1);
    assertThat(Split.of(3, 0, 1).validation()).isEmpty();
    assertThat(Split.of(3, 0, 1).training()).hasSize(3);
  }

  @Test
  void nothingLeftToTrainIsTheUsersMistake() {
    assertThatThrownBy(() -> Split.of(1, 0.5, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 example(s), of which 1 would be held out")
        .hasMessageContaining("smaller fraction");
    assertThatThrownBy(() -> Split.of(0, 0, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Split.of(10, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Split.of(10, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void minibatchesCutTheOrderAsItStands() {
    Minibatches minibatches = new Minibatches(new int[] {4, 2, 0, 3, 1}, 2);
    assertThat(minibatches.count()).isEqualTo(3);
    assertThat(minibatches.rows()).isEqualTo(5);
    assertThat(minibatches.at(0)).containsExactly(4, 2);
    assertThat(minibatches.at(1)).containsExactly(0, 3);
    assertThat(minibatches.at(2)).containsExactly(1);
    assertThatThrownBy(() -> minibatches.at(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(new Minibatches(new int[0], 2).count()).isZero();
    assertThat(new Minibatches(new int[3], Integer.MAX_VALUE).at(0)).hasSize(3);
    assertThatThrownBy(() -> new Minibatches(new int[3], 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void validationIsAscending() {
    int[] validation = Split.of(500, 0.2, 3).validation();
    int[] sorted = validation.clone();
    Arrays.sort(sorted);
    assertThat(validation).isEqualTo(sorted);
  }
}
