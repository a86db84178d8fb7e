package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.Padding;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundStart;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.TempLocalBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What goes from block manager to block manager, here from the driver's to itself, by its network.
 */
class ByBlocksTest {
  private static final long RUN = 0x1234_5678_9abc_def0L;

  private static JavaSparkContext spark;

  @BeforeAll
  static void open() {
    spark = new JavaSparkContext(SparkSettings.local("local[2]", "blocks"));
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  private static RoundStart start() {
    var state = new TrainingState(new float[] {1, -0.0f, 3}, new float[] {Float.MIN_VALUE}, 7, 2);
    return new RoundStart(state, List.of(new float[0], new float[] {5, 6}));
  }

  private static Reply reply(int replica) {
    return new Reply.Contributed(
        new Contribution(
            replica,
            10,
            9.5,
            3,
            0.25,
            Padding.NONE,
            10,
            new float[] {1},
            new float[] {2, 3},
            new float[] {4}));
  }

  @Test
  void theStartArrivesAsItWasSent() {
    try (Passage passage = ByBlocks.open(start(), RUN, 0)) {
      RoundStart arrived = passage.start(new Arrivals());

      assertThat(arrived).usingRecursiveComparison().isEqualTo(start());
    }
    assertThat(left()).isZero();
  }

  @Test
  void whatTasksSendArrivesAlsoIfOneSendsItTwice() {
    try (Passage passage = ByBlocks.open(start(), RUN, 1)) {
      for (int k : new int[] {1, 0, 1}) {
        assertThat(passage.send(k, reply(k))).isEqualTo(Reply.leftInPlace());
      }
      for (int k = 0; k < 2; k++) {
        assertThat(passage.receive(k, Reply.leftInPlace()))
            .usingRecursiveComparison()
            .isEqualTo(reply(k));
      }
    }
    assertThat(left()).isZero();
  }

  @Test
  void whyThereIsNothingArrivesToo() {
    try (Passage passage = ByBlocks.open(start(), RUN, 2)) {
      Reply sent = passage.send(0, new Reply.Diverged("the loss became NaN"));

      assertThatThrownBy(() -> passage.receive(0, sent).contribution())
          .isInstanceOf(NonFiniteException.class)
          .hasMessage("the loss became NaN");
    }
  }

  @Test
  void aReplyThatSparkReturnedItselfIsTakenAsItIs() {
    try (Passage passage = ByBlocks.open(start(), RUN, 3)) {
      Reply reply = reply(0);

      assertThat(passage.receive(0, reply)).isSameAs(reply);
    }
  }

  @Test
  void whatComesAfterTheRoundIsSweptAwayWithTheRunAndNothingElse() {
    ByBlocks other = ByBlocks.open(start(), RUN + 1, 0);
    ByBlocks passage = ByBlocks.open(start(), RUN, 4);
    passage.close();
    passage.send(0, reply(0));
    assertThat(left()).isEqualTo(2);

    ByBlocks.sweep(RUN);

    assertThat(left()).isEqualTo(1);
    other.close();
    assertThat(left()).isZero();
  }

  private static int left() {
    return SparkEnv.get()
        .blockManager()
        .getMatchingBlockIds(id -> id instanceof TempLocalBlockId)
        .size();
  }
}
