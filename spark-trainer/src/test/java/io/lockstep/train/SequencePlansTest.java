package io.lockstep.train;

import io.lockstep.data.block.Block;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of all training holds of sequences, as a plan describes them: docs/exactness.md. */
class SequencePlansTest {
  static Stream<SequencePlan> rightInDl4j() {
    return Arrays.stream(SequencePlan.values()).filter(SequencePlan::isRightInDl4j);
  }

  @ParameterizedTest
  @MethodSource("rightInDl4j")
  void oneReplicaEqualsAPlainLoopBitForBit(SequencePlan plan) {
    MultiLayerNetwork plain = plan.plain("adam");
    Block all = MadeUp.block(plan.kind(), 0, PlainLoopTest.EXAMPLES);
    PlainLoopTest.plainLoop(plain, (network, rows) -> network.fit(plan.padded(all, rows)));

    var trial =
        new Trial(
            new MadeUp(plan.kind(), PlainLoopTest.EXAMPLES).request(0, 1),
            Mode.AVERAGING,
            PlainLoopTest.BATCH,
            3,
            plan.networks("adam", Kernels.STOCK));
    PlainLoopTest.assertSame(trial.run(PlainLoopTest.EPOCHS), plain);
  }

  static Stream<SequencePlan> withoutChance() {
    return Arrays.stream(SequencePlan.values()).filter(plan -> !plan.drops());
  }

  @ParameterizedTest
  @MethodSource("withoutChance")
  void fourReplicasEqualOneMachineHoweverLongTheirExamples(SequencePlan plan) {
    for (String optimizer : new String[] {"{sgd: {learningRate: 0.1}}", "adam"}) {
      int batch = BigBatchTest.BATCH;
      int examples = BigBatchTest.REPLICAS * batch * 4 + 18;
      TrainingState state =
          new Trial(
                  new MadeUp(plan.kind(), examples).request(0, BigBatchTest.REPLICAS),
                  Mode.GRADIENT,
                  batch,
                  1,
                  plan.networks(optimizer, Kernels.STOCK))
              .run(2);
      Block all = MadeUp.block(plan.kind(), 0, examples);
      MultiLayerNetwork machine = plan.corrected(optimizer);
      BigBatchTest.oneMachine(
          machine, examples, batch, 2, rows -> machine.fit(plan.padded(all, rows)));
      BigBatchTest.assertCloseTo(state.parameters(), machine);
    }
  }
}
