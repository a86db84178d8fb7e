package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.app.Sizing.Forecast;
import io.lockstep.app.Sizing.Report;
import io.lockstep.app.Sizing.Row;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.train.EpochSchedule;
import io.lockstep.train.RoundCost;
import io.lockstep.train.RunSize;
import org.junit.jupiter.api.Test;

class SizingTest {
  private static final double LITTLE = 1e-9;
  private static final long MEGA = 1_000_000;

  /** 4 MB of parameters and SGD: nothing else travels. */
  private static final RunSize SIZE = new RunSize(MEGA, 0, true, false, false, 4, MEGA, MEGA, MEGA);

  /** 100 minibatches of each replica in 25 rounds. */
  private static final EpochSchedule SCHEDULE = new EpochSchedule(4 * 3200, 4, 32, 4);

  private static Forecast forecast(RoundCost cost) {
    return new Forecast(SIZE, SCHEDULE, 0.05, cost);
  }

  @Test
  void anEpochIsItsStepsAndItsRounds() {
    // Out to two executors twice 4 MB, back 4 x 4 MB, at 8 MB/s 3 s; 40 MB laid out and read.
    Row two = forecast(new RoundCost(0.5, 8e6)).cluster(2, 1);

    double round = 0.5 + 3 + 40e6 / 3.5e9;
    assertThat(two.roundSeconds()).isEqualTo(round, within(LITTLE));
    // Each core has two replicas.
    assertThat(two.epochSeconds()).isEqualTo(100 * 2 * 0.05 + 25 * round, within(LITTLE));
    assertThat(two.share()).isEqualTo(25 * round / (10 + 25 * round), within(LITTLE));
  }

  @Test
  void moreCoresThanReplicasAreOfNoUse() {
    Forecast forecast = forecast(RoundCost.USUAL);

    assertThat(forecast.cluster(8, 1).epochSeconds())
        .isEqualTo(forecast.cluster(4, 1).epochSeconds());
    assertThat(forecast.cluster(4, 1).epochSeconds())
        .isLessThan(forecast.cluster(2, 1).epochSeconds());
  }

  @Test
  void theLocalStepsRecommendedAreTheFewestThatMakeRoundsATenth() {
    Forecast forecast = forecast(RoundCost.USUAL);

    int steps = forecast.localSteps(4, 1);

    assertThat(forecast.share(steps, 4, 1)).isLessThanOrEqualTo(0.1);
    assertThat(forecast.share(steps - 1, 4, 1)).isGreaterThan(0.1);
  }

  @Test
  void aPlanIsSizedFromItsDataAndItsNetwork() throws Exception {
    PlanBuilder plan =
        PlanBuilder.named("digits")
            .train("embedded: mnist-10k")
            .normalize(Normalization.SCALE)
            .layers("dense: {units: 20, activation: relu}", "dense")
            .optimizer("adam: {learningRate: 0.003}")
            .set("training", "{replicas: 2, batch: 50, localSteps: 10, epochs: 3}")
            .set("run.engine", "inProcess");

    Report report =
        Sizing.of(plan.build()).seconds(0.1).machineCores(2).cost(new RoundCost(60, 1e6)).run();

    assertThat(report.size().parameters()).isEqualTo(784 * 20 + 20 + 20 * 10 + 10);
    assertThat(report.size().stateBytes()).isEqualTo(3 * 4 * report.size().parameters());
    assertThat(report.schedule().rounds()).isEqualTo(10);
    assertThat(report.step().seconds()).isPositive();
    assertThat(report.memory()).contains("--executor-memory 1g");
    assertThat(report.oneMachineIsFaster()).as("rounds of a minute").isTrue();
    assertThat(report.localSteps()).isEqualTo(100);

    Report gradients =
        Sizing.of(plan.set("training.mode", "gradient").set("training.localSteps", "1").build())
            .seconds(0.1)
            .run();
    assertThat(gradients.size().travellingBytes()).isEqualTo(4 * gradients.size().parameters());
    assertThat(gradients.localSteps()).isEqualTo(1);
  }
}
