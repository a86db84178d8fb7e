package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Weights of classes are those that DL4J's cross-entropy itself can be given. */
class ClassWeightsLoopTest {
  private static final ClassWeights CLASSES = new ClassWeights(List.of(0.5f, 3f, 0f, 1.25f));
  private static final Nesterovs UPDATER = new Nesterovs(0.05, 0.9);

  /** DL4J's own network, with its own weights of classes. */
  private static MultiLayerNetwork weighted() {
    var configuration = Nets.MLP.configuration(UPDATER);
    int last = configuration.getConfs().size() - 1;
    ((OutputLayer) configuration.getConf(last).getLayer())
        .setLossFn(new LossMCXENT(Nd4j.createFromArray(0.5f, 3f, 0f, 1.25f)));
    var network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static TrainingState trained(Trial trial, ClassWeights classes, int epochs) {
    return trial.run(
        new InProcessPlace(new Configuration(false)),
        epochs,
        (data, plain) -> {
          LocalSteps it = plain.steps();
          var steps = new LocalSteps(it.seed(), it.mode(), it.schedule(), it.order(), classes);
          return data.open(new Workload(steps, plain.outer(), plain.evaluation()));
        });
  }

  @Test
  void oneReplicaIsAPlainLoopOverALossWithWeights() {
    MultiLayerNetwork plain = weighted();
    Block all = Digits.block(0, PlainLoopTest.EXAMPLES);
    PlainLoopTest.plainLoop(
        plain,
        (network, rows) -> {
          Minibatch batch = Digits.minibatch(all, rows);
          network.fit(Digits.features(batch), Digits.labels(batch));
        });
    Trial trial =
        new Digits(PlainLoopTest.EXAMPLES, 0, 1)
            .trial(Mode.AVERAGING, PlainLoopTest.BATCH, 3, Nets.MLP.factory(UPDATER));
    BigBatchTest.assertCloseTo(trained(trial, CLASSES, PlainLoopTest.EPOCHS).parameters(), plain);
    assertThat(trial.run(PlainLoopTest.EPOCHS).parameters())
        .isNotEqualTo(trained(trial, CLASSES, PlainLoopTest.EPOCHS).parameters());
  }

  @Test
  void fourReplicasEqualOneMachineWithALossWithWeights() {
    int examples = BigBatchTest.REPLICAS * BigBatchTest.BATCH * 3 + 18;
    Trial trial =
        new Digits(examples, 0, BigBatchTest.REPLICAS)
            .trial(Mode.GRADIENT, BigBatchTest.BATCH, 1, Nets.MLP.factory(UPDATER));
    MultiLayerNetwork machine = weighted();
    Block all = Digits.block(0, examples);
    BigBatchTest.oneMachine(
        machine,
        examples,
        BigBatchTest.BATCH,
        5,
        rows -> {
          Minibatch big = Digits.minibatch(all, rows);
          machine.fit(Digits.features(big), Digits.labels(big));
        });
    BigBatchTest.assertCloseTo(trained(trial, CLASSES, 5).parameters(), machine);
  }
}
