package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.data.EpochOrder;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Minibatch;
import io.lockstep.data.Minibatches;
import io.lockstep.data.order.Seeds;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.TrainingState;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** One replica is a plain DL4J loop, bit for bit: parameters, updater state and counters. */
class PlainLoopTest {
  private static final int EXAMPLES = 150;
  private static final int BATCH = 16;
  private static final int EPOCHS = 2;

  @ParameterizedTest
  @EnumSource(Nets.class)
  void oneReplicaEqualsAPlainLoopBitForBit(Nets net) {
    var adam = new Adam(new StepSchedule(ScheduleType.ITERATION, 0.01, 0.5, 7));
    MultiLayerNetwork plain = net.network(adam);
    plainLoop(plain);

    TrainingState state = rounds(net.factory(adam), 3);

    assertThat(state.parameters()).isEqualTo(plain.params().dup().data().asFloat());
    assertThat(state.updater()).isEqualTo(plain.updaterState().dup().data().asFloat());
    assertThat(state.step()).isEqualTo(plain.getIterationCount());
  }

  private static void plainLoop(MultiLayerNetwork plain) {
    ExampleBlock block = new Digits(EXAMPLES, 0, 1).read(null, Part.TRAINING, 0);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      plain.setEpochCount(epoch);
      var order = new Minibatches(EpochOrder.permutation(42, epoch, 0, EXAMPLES), BATCH);
      for (int i = 0; i < order.count(); i++) {
        Minibatch batch = Digits.minibatch(block, order.at(i));
        Nd4j.getRandom().setSeed(Seeds.derive(Seeds.Purpose.STEP, 42, epoch, 0, i));
        plain.fit(Digits.features(batch), Digits.labels(batch));
      }
    }
  }

  private static TrainingState rounds(ReplicaFactory factory, int localSteps) {
    var examples = new Digits(EXAMPLES, 0, 1);
    return Runs.inProcess(examples.workload(Mode.AVERAGING, BATCH, localSteps, factory), EPOCHS);
  }
}
