package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.LongRange;
import io.lockstep.data.order.Part;
import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Gradient mode with R replicas is one machine that trains the R minibatches as one. */
class BigBatchTest {
  static final int REPLICAS = 4;
  static final int BATCH = 8;

  private static final List<IUpdater> UPDATERS =
      List.of(new Sgd(0.1), new Nesterovs(0.05, 0.9), new RmsProp(1e-3), new Adam(1e-3));

  static Stream<Arguments> netsAndUpdaters() {
    return Stream.of(Nets.MLP, Nets.CNN)
        .flatMap(net -> UPDATERS.stream().map(updater -> Arguments.of(net, updater)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("netsAndUpdaters")
  void fourReplicasEqualOneMachineOverFiftySteps(Nets net, IUpdater updater) {
    // 10 steps an epoch, the last of them short and of another size on every second replica.
    int examples = REPLICAS * BATCH * 9 + 18;
    TrainingState state = gradientMode(net, updater, examples, BATCH, 5);
    MultiLayerNetwork machine = oneMachine(net, updater, examples, BATCH, 5);

    assertThat(state.step()).isEqualTo(50).isEqualTo(machine.getIterationCount());
    assertCloseTo(state.parameters(), machine);
  }

  @Test
  void thirtyNineExamplesOnFourReplicasEqualOneMachine() {
    for (IUpdater updater : UPDATERS) {
      TrainingState state = gradientMode(Nets.MLP, updater, 39, 4, 3);
      MultiLayerNetwork machine = oneMachine(Nets.MLP, updater, 39, 4, 3);
      assertThat(state.step()).isEqualTo(9);
      assertCloseTo(state.parameters(), machine);
    }
  }

  /**
   * Batch normalisation uses the statistics of its own minibatch, so replicas normalise by b
   * examples where one machine normalises by R b. Where the statistics agree, all else does: here
   * every replica owns the same images, so each minibatch has the moments of the big batch.
   */
  @Test
  void batchNormalizationEqualsOneMachineWhereTheStatisticsAgree() {
    for (IUpdater updater : UPDATERS) {
      var source = new MadeUp(MadeUp.Kind.EIGHT_DIGITS_EACH, REPLICAS * BATCH);
      TrainingState state =
          new Trial(
                  source.request(0, REPLICAS),
                  Mode.GRADIENT,
                  BATCH,
                  1,
                  Nets.BATCH_NORMALIZATION.factory(updater))
              .run(50);

      MultiLayerNetwork machine = Nets.BATCH_NORMALIZATION.network(updater);
      Block block = Digits.block(0, BATCH);
      int[] fourTimes = IntStream.range(0, REPLICAS * BATCH).map(i -> i % BATCH).toArray();
      Minibatch batch = Digits.minibatch(block, fourTimes);
      for (int step = 0; step < 50; step++) {
        machine.fit(Digits.features(batch), Digits.labels(batch));
      }
      assertCloseTo(state.parameters(), machine);
    }
  }

  /** And where they do not agree, the difference is seen: the test above is not blind. */
  @Test
  void batchNormalizationDiffersFromOneMachineByTheStatisticsOfTheMinibatch() {
    var sgd = new Sgd(0.1);
    int examples = REPLICAS * BATCH * 5;
    TrainingState state = gradientMode(Nets.BATCH_NORMALIZATION, sgd, examples, BATCH, 2);
    MultiLayerNetwork machine = oneMachine(Nets.BATCH_NORMALIZATION, sgd, examples, BATCH, 2);
    assertThat(relativeDifference(state.parameters(), machine)).isGreaterThan(1e-3);
  }

  @Test
  void raggedSequencesEqualOneMachine() {
    for (IUpdater updater : UPDATERS) {
      int examples = REPLICAS * BATCH * 9 + 18;
      TrainingState state =
          new Trial(
                  new MadeUp(MadeUp.Kind.SEQUENCES, examples).request(0, REPLICAS),
                  Mode.GRADIENT,
                  BATCH,
                  1,
                  SequenceNet.factory(updater))
              .run(5);
      MultiLayerNetwork machine = SequenceNet.network(updater);
      Block all = MadeUp.block(MadeUp.Kind.SEQUENCES, 0, examples);
      oneMachine(
          machine, examples, BATCH, 5, rows -> machine.fit(SequenceNet.minibatch(all, rows)));
      assertCloseTo(state.parameters(), machine);
    }
  }

  private static TrainingState gradientMode(
      Nets net, IUpdater updater, int examples, int batch, int epochs) {
    return new Digits(examples, 0, REPLICAS)
        .trial(Mode.GRADIENT, batch, 1, net.factory(updater))
        .run(epochs);
  }

  private static MultiLayerNetwork oneMachine(
      Nets net, IUpdater updater, int examples, int batch, int epochs) {
    MultiLayerNetwork machine = net.network(updater);
    Block all = Digits.block(0, examples);
    oneMachine(
        machine,
        examples,
        batch,
        epochs,
        rows -> {
          Minibatch big = Digits.minibatch(all, rows);
          machine.fit(Digits.features(big), Digits.labels(big));
        });
    return machine;
  }

  static void oneMachine(
      MultiLayerNetwork machine, int examples, int batch, int epochs, Consumer<int[]> fit) {
    oneMachine(machine::setEpochCount, examples, batch, epochs, fit);
  }

  /** The same of any network, which is told its epoch. */
  static void oneMachine(
      IntConsumer toldEpoch, int examples, int batch, int epochs, Consumer<int[]> fit) {
    var schedule = new EpochSchedule(examples, REPLICAS, batch, 1);
    for (int epoch = 0; epoch < epochs; epoch++) {
      toldEpoch.accept(epoch);
      for (int round = 0; round < schedule.rounds(); round++) {
        fit.accept(globalBatch(schedule, epoch, round));
      }
    }
  }

  private static int[] globalBatch(EpochSchedule schedule, int epoch, int round) {
    Deal.Places places = Deal.training(schedule.examples(), 0, REPLICAS, MadeUp.SEED).places();
    List<Integer> rows = new ArrayList<>();
    for (int k = 0; k < REPLICAS; k++) {
      int[] order =
          new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, MadeUp.SEED, epoch, k))
              .permutation((int) schedule.shard(k).size());
      LongRange positions = schedule.positions(k, round);
      for (long i = positions.from(); i < positions.to(); i++) {
        rows.add((int) places.id(Part.TRAINING, k, order[(int) i]));
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  static void assertCloseTo(float[] parameters, Model machine) {
    assertThat(relativeDifference(parameters, machine)).isLessThan(1e-5);
  }

  /** Norm of the difference over the norm of the parameters. */
  private static double relativeDifference(float[] parameters, Model machine) {
    float[] expected = machine.params().dup().data().asFloat();
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) parameters[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
