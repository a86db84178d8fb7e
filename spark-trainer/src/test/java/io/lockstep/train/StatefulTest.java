package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.Metric;
import io.lockstep.model.Blueprint;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Streams of windows whose state is carried over, minibatch by minibatch and round by round. */
public class StatefulTest {
  private static final int BATCH = 4;

  /** Streams that do not divide, on 3 replicas. */
  public static Trial trial(Mode mode) {
    return trial(mode, 131, 3, BATCH, mode == Mode.GRADIENT ? 1 : 3, new Adam(0.01));
  }

  private static Trial trial(
      Mode mode, int examples, int replicas, int batch, int localSteps, IUpdater updater) {
    return new Trial(
        new MadeUp(MadeUp.Kind.STREAM, examples).streams(30, replicas, batch),
        mode,
        batch,
        localSteps,
        networks(updater, true));
  }

  private static ReplicaFactory networks(IUpdater updater, boolean stateful) {
    String json = SequenceNet.configuration(updater).toJson();
    return new Blueprint(Blueprint.Kind.MULTI_LAYER, json, Kernels.AUTO, 1, stateful);
  }

  /** 96 windows: 4 replicas with 4 streams of 6 each, or one machine with 16 streams of 6. */
  @Test
  void gradientsOfReplicasEqualOneMachineWithAllStreams() {
    var updater = new Adam(0.01);
    TrainingState four = trial(Mode.GRADIENT, 126, 4, 4, 1, updater).run(3);
    TrainingState one = trial(Mode.GRADIENT, 126, 1, 16, 1, updater).run(3);

    double difference = 0;
    double norm = 0;
    for (int i = 0; i < one.parameters().length; i++) {
      difference += Math.pow((double) four.parameters()[i] - one.parameters()[i], 2);
      norm += Math.pow(one.parameters()[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void aTrainingGoesOnFromAnySnapshotBitForBit(Mode mode) {
    Trial trial = trial(mode);
    try (LoadedData data = trial.load();
        Engine engine = data.open(trial.workload(data.dealt()));
        Training whole = engine.begin()) {
      for (int round = 0; round < 9; round++) {
        // At the beginning, within an epoch, and before the end of one: 3 or 9 rounds.
        if (round != 0 && round != 2 && round != 8) {
          whole.advance();
          continue;
        }
        Snapshot between = whole.snapshot();
        assertThat(between.carries()).hasSize(round == 0 ? 0 : 3);
        try (Training again = engine.resume(between)) {
          again.advance();
          again.advance();
          TrainingState expected = twoOn(engine, whole);
          assertThat(again.snapshot().state().sameBits(expected)).isTrue();
        }
      }
    }
  }

  /** Advances by one, and tells where two would lead. */
  private static TrainingState twoOn(Engine engine, Training training) {
    training.advance();
    try (Training ahead = engine.resume(training.snapshot())) {
      ahead.advance();
      return ahead.snapshot().state();
    }
  }

  @Test
  void whatIsCarriedMatters() {
    Trial trial = trial(Mode.AVERAGING);

    assertThat(trial.run(2).sameBits(forgetful(trial).run(2))).isFalse();
  }

  /** Validation in streams sees at each window what came before it, whatever was done before. */
  @Test
  void evaluationCarriesTooAndBeginsAnew() {
    Trial trial = trial(Mode.AVERAGING);
    TrainingState state = trial.run(1);

    double loss = validation(trial, state);
    assertThat(validation(trial, state)).isEqualTo(loss);
    assertThat(validation(forgetful(trial), state)).isNotEqualTo(loss);
  }

  private static Trial forgetful(Trial trial) {
    ReplicaFactory networks = networks(new Adam(0.01), false);
    return new Trial(trial.request(), trial.mode(), BATCH, trial.localSteps(), networks);
  }

  private static double validation(Trial trial, TrainingState state) {
    try (LoadedData data = trial.load();
        Engine engine = data.open(trial.workload(data.dealt()));
        Training training = engine.begin()) {
      training.advance();
      return engine
          .evaluate(state, Part.VALIDATION)
          .result(List.of("minus", "plus"))
          .metrics()
          .get(Metric.LOSS);
    }
  }
}
