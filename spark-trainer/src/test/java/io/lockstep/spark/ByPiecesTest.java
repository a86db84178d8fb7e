package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.Padding;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Merge;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundResult;
import io.lockstep.train.RoundStart;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.TempLocalBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes in pieces between block managers, here from the driver's to itself, by its network. */
class ByPiecesTest {
  private static final long RUN = 0x0fed_cba9_8765_4321L;

  /** Vectors that fill two pieces and a part of a third. */
  private static final int VALUES = ByPieces.PIECE_BYTES / Float.BYTES + 1001;

  private static final int UPDATER = ByPieces.PIECE_BYTES / Float.BYTES - 7;

  private static JavaSparkContext spark;

  @BeforeAll
  static void open() {
    spark = new JavaSparkContext(SparkSettings.local("local[2]", "pieces"));
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  private static float[] vector(int length, long seed) {
    var random = new Random(seed);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  private static RoundStart start() {
    var state = new TrainingState(vector(VALUES, 1), vector(UPDATER, 2), 7, 2);
    return new RoundStart(state, List.of(new float[0], new float[] {5, 6}));
  }

  private static Contribution contribution(int replica) {
    return new Contribution(
        replica,
        10,
        9.5 + replica,
        3,
        0.25,
        Padding.NONE,
        10,
        new float[] {replica},
        vector(VALUES, 3 + replica),
        vector(UPDATER, 9 + replica));
  }

  private static DoneRound done(Passage passage, int replica) {
    return new DoneRound(
        0, replica, 0, 1, passage.send(replica, new Reply.Contributed(contribution(replica))));
  }

  @Test
  void theStartArrivesAsItWasSent() {
    try (Passage passage = ByPieces.open(start(), 2, RUN, 0)) {
      assertThat(left()).isGreaterThan(2);
      RoundStart arrived = passage.start(new Arrivals());
      assertThat(arrived.state().sameBits(start().state())).isTrue();
      assertThat(arrived.carries()).hasSize(2);
      assertThat(arrived.carry(1)).containsExactly(5, 6);
    }
    assertThat(left()).isZero();
  }

  @Test
  void whatReplicasBringIsMergedAsIfItCameWholeAlsoIfOneSendsItTwice() {
    var merge = new Merge();
    merge.add(contribution(0));
    merge.add(contribution(1));
    RoundResult expected = merge.result();
    try (Passage passage = ByPieces.open(start(), 2, RUN, 1)) {
      DoneRound one = done(passage, 1);
      done(passage, 0);
      DoneRound zero = done(passage, 0);

      RoundResult merged = passage.merged(new DoneRound[] {zero, one});
      assertThat(Arrays.equals(merged.values(), expected.values())).isTrue();
      assertThat(Arrays.equals(merged.updater(), expected.updater())).isTrue();
      assertThat(merged.loss()).isEqualTo(expected.loss());
      assertThat(merged.carries()).usingRecursiveComparison().isEqualTo(expected.carries());
    }
    assertThat(left()).isZero();
  }

  @Test
  void whyThereIsNothingArrivesToo() {
    try (Passage passage = ByPieces.open(start(), 2, RUN, 2)) {
      Reply sent = passage.send(1, new Reply.Diverged("the loss became NaN"));
      DoneRound[] done = {done(passage, 0), new DoneRound(0, 1, 0, 1, sent)};
      assertThatThrownBy(() -> passage.merged(done))
          .isInstanceOf(NonFiniteException.class)
          .hasMessage("the loss became NaN");
    }
    assertThat(left()).isZero();
  }

  @Test
  void whereItIsTravels() {
    Reply kept = new Reply.KeptAt("17", "worker-3.example", 4711);
    assertThat(Reply.decode(kept.encode())).isEqualTo(kept);
  }

  @Test
  void aPieceThatIsGoneIsToldApartFromOtherFailures() {
    try (Passage passage = ByPieces.open(start(), 2, RUN, 3)) {
      DoneRound[] done = {done(passage, 0), done(passage, 1)};
      SparkEnv.get()
          .blockManager()
          .getMatchingBlockIds(id -> id instanceof TempLocalBlockId)
          .foreach(
              id -> {
                SparkEnv.get().blockManager().removeBlock(id, true);
                return null;
              });
      assertThatThrownBy(() -> passage.merged(done)).isInstanceOf(LostPieceException.class);
    }
  }

  private static int left() {
    return SparkEnv.get()
        .blockManager()
        .getMatchingBlockIds(id -> id instanceof TempLocalBlockId)
        .size();
  }
}
