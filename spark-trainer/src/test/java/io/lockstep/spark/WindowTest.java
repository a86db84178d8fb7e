package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.order.Deal;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.Part;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import io.lockstep.run.IdHash;
import io.lockstep.run.TrainingOrder;
import io.lockstep.train.Engine;
import io.lockstep.train.LoadedData;
import io.lockstep.train.MadeUp;
import io.lockstep.train.Place;
import io.lockstep.train.RoundResult;
import io.lockstep.train.Synchronization;
import io.lockstep.train.Training;
import io.lockstep.train.Trial;
import io.lockstep.train.WideNet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** A shard larger than the window is trained group by group, each example once an epoch. */
class WindowTest {
  private static final int EXAMPLES = 299;
  private static final int REPLICAS = 2;
  private static final int BATCH = 20;

  /** 64 KiB an example, so 32 in a block; 5 blocks a shard, 2 in a window. */
  private static final Trial TRIAL =
      new Trial(
              new MadeUp(MadeUp.Kind.WIDE, EXAMPLES).request(9, REPLICAS),
              Mode.AVERAGING,
              BATCH,
              2,
              WideNet.FACTORY)
          .window(5L << 20);

  @Test
  void inProcessAndOnSparkTheBitsAreTheSame() {
    TrainingState expected = TRIAL.run(2);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "window"))) {
      Place there = SparkPlace.of(spark, new Configuration(false));
      assertThat(TRIAL.run(there, 2, LoadedData::open).sameBits(expected)).isTrue();
    }
    // And it is another order than that of a shard which is shuffled as a whole.
    assertThat(TRIAL.window(1L << 30).run(2).sameBits(expected)).isFalse();
  }

  @Test
  void eachExampleIsTrainedOnceInEachEpochInTheOrderThatTheLedgerExpects() {
    try (LoadedData data = TRIAL.load();
        Engine engine = data.open(TRIAL.workload(data.dealt()));
        Training training = engine.begin()) {
      EpochOrder order = data.dealt().order(MadeUp.SEED);
      Deal deal = data.dealt().train().deal();
      assertThat(order.groups(deal.count(Part.TRAINING, 0))).isEqualTo(3);
      TrainingOrder expected = TrainingOrder.of(deal, order);
      for (int epoch = 0; epoch < 2; epoch++) {
        List<PrimitiveIterator.OfLong> ids = new ArrayList<>();
        for (int k = 0; k < REPLICAS; k++) {
          ids.add(expected.ids(epoch, k));
        }
        Set<Long> trained = new HashSet<>();
        Synchronization done;
        do {
          done = training.advance();
          for (RoundResult.Share share : done.shares()) {
            long hash = IdHash.EMPTY;
            for (long i = 0; i < share.examples(); i++) {
              long id = ids.get(share.replica()).nextLong();
              hash = IdHash.add(hash, id);
              assertThat(trained.add(id)).as("example %d comes once", id).isTrue();
            }
            assertThat(share.trained()).isEqualTo(hash);
          }
        } while (!done.endsEpoch());
        assertThat(trained).hasSize(EXAMPLES - 9);
      }
    }
  }
}
