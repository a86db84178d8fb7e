package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Part;
import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** One replica is a plain DL4J loop, bit for bit: parameters, updater state and counters. */
class PlainLoopTest {
  static final int EXAMPLES = 150;
  static final int BATCH = 16;
  static final int EPOCHS = 2;
  private static final Adam ADAM = new Adam(new StepSchedule(ScheduleType.ITERATION, 0.01, 0.5, 7));

  @ParameterizedTest
  @EnumSource(Nets.class)
  void oneReplicaEqualsAPlainLoopBitForBit(Nets net) {
    MultiLayerNetwork plain = net.network(ADAM);
    Block all = Digits.block(0, EXAMPLES);
    plainLoop(
        plain,
        (network, rows) -> {
          Minibatch batch = Digits.minibatch(all, rows);
          network.fit(Digits.features(batch), Digits.labels(batch));
        });

    Trial trial = new Digits(EXAMPLES, 0, 1).trial(Mode.AVERAGING, BATCH, 3, net.factory(ADAM));
    assertSame(trial.run(EPOCHS), plain);
  }

  @Test
  void aReplicaOnRaggedSequencesEqualsAPlainLoopOverMaskedOnes() {
    MadeUp.Kind kind = MadeUp.Kind.SEQUENCES;
    MultiLayerNetwork plain = SequenceNet.network(ADAM);
    Block all = MadeUp.block(kind, 0, EXAMPLES);
    plainLoop(plain, (network, rows) -> network.fit(SequenceNet.minibatch(all, rows)));

    Trial trial =
        new Trial(
            new MadeUp(kind, EXAMPLES).request(0, 1),
            Mode.AVERAGING,
            BATCH,
            3,
            SequenceNet.factory(ADAM));
    assertSame(trial.run(EPOCHS), plain);
  }

  static void assertSame(TrainingState state, MultiLayerNetwork plain) {
    assertThat(state.parameters()).isEqualTo(plain.params().dup().data().asFloat());
    assertThat(state.updater()).isEqualTo(plain.updaterState().dup().data().asFloat());
    assertThat(state.step()).isEqualTo(plain.getIterationCount());
  }

  /** The rows of the only shard are dealt by a permutation, and shuffled anew in each epoch. */
  static void plainLoop(MultiLayerNetwork plain, BiConsumer<MultiLayerNetwork, int[]> fit) {
    plainLoop(plain::setEpochCount, rows -> fit.accept(plain, rows));
  }

  /** The same of any network, which is told its epoch. */
  static void plainLoop(IntConsumer epochs, Consumer<int[]> fit) {
    Deal.Places places = Deal.training(EXAMPLES, 0, 1, MadeUp.SEED).places();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      epochs.accept(epoch);
      int[] order =
          new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, MadeUp.SEED, epoch, 0))
              .permutation(EXAMPLES);
      for (int i = 0; i * BATCH < EXAMPLES; i++) {
        int[] rows =
            Arrays.stream(order, i * BATCH, Math.min(EXAMPLES, (i + 1) * BATCH))
                .map(row -> (int) places.id(Part.TRAINING, 0, row))
                .toArray();
        Nd4j.getRandom().setSeed(Seeds.derive(Seeds.Purpose.STEP, MadeUp.SEED, epoch, 0, i));
        fit.accept(rows);
      }
    }
  }
}
