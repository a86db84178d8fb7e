package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.it.Experiment.Model;
import io.lockstep.run.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sequences of uneven lengths, and recurrent state that is carried, end with the bits of one loop
 * in one JVM on real executors too, whatever dies in the middle of an epoch.
 */
@ExtendWith(Clusters.class)
class SequencesIT {
  @TempDir static Path folder;
  private static final Map<Writings, Model> expected = new EnumMap<>(Writings.class);

  @BeforeAll
  static void trainUndisturbedInOneJvm() throws Exception {
    for (Writings writings : Writings.values()) {
      writings.writeInto(folder);
      writings.train(folder, "oracle").run();
      expected.put(writings, writings.model(folder, "oracle"));
    }
  }

  @Test
  void anExecutorKilledInMidEpoch(SparkCluster cluster) throws Exception {
    try (JavaSparkContext spark = Sessions.open(cluster.url(), Checkout.jar().toString())) {
      for (Writings writings : Writings.values()) {
        List<ProcessHandle> killed = new ArrayList<>();
        TrainingListener murder =
            DyingDriver.inMidEpoch(
                () -> {
                  ProcessHandle executor = cluster.executors().findFirst().orElseThrow();
                  executor.destroyForcibly();
                  killed.add(executor);
                });
        writings.train(folder, "bereft").spark(spark).listener(murder).run();

        assertThat(killed).singleElement().matches(executor -> !executor.isAlive());
        assertExpected(writings, "bereft");
      }
    }
  }

  @Test
  void aDriverKilledInMidEpochAndResumedOnCoresOfOneJvm(SparkCluster cluster) throws Exception {
    Writings writings = Writings.CHARACTERS;
    String jar = Checkout.jar().toString();
    var outcome =
        Lockstep.java(
                DyingDriver.class,
                writings.name(),
                folder.toString(),
                "orphaned",
                cluster.url(),
                jar)
            .briefly()
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(DyingDriver.EXIT_CODE);

    List<Position> began = new ArrayList<>();
    try (JavaSparkContext spark = Sessions.open("local[2]", jar)) {
      Training.resume(writings.run(folder, "orphaned")).spark(spark).listener(from(began)).run();
      for (Writings other : Writings.values()) {
        other.train(folder, "cores").spark(spark).run();
        assertExpected(other, "cores");
      }
    }
    assertThat(began).extracting(Position::epoch, Position::roundInEpoch).containsExactly(tuple(0, 2));
    assertExpected(writings, "orphaned");
  }

  private static TrainingListener from(List<Position> positions) {
    return new TrainingListener() {
      @Override
      public void began(Position from) {
        positions.add(from);
      }
    };
  }

  private static void assertExpected(Writings writings, String run) throws Exception {
    assertThat(writings.model(folder, run))
        .as("%s, %s", writings, run)
        .isEqualTo(expected.get(writings));
  }
}
