package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.it.Experiment.Model;
import io.lockstep.it.Lockstep.Outcome;
import io.lockstep.run.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  void twoCores() throws Exception {
    try (JavaSparkContext spark = Sessions.open("local[2]")) {
      for (Writings writings : Writings.values()) {
        writings.train(folder, "cores").spark(spark).run();
        assertExpected(writings, "cores");
      }
    }
  }

  /** After the others, since a JVM has one Spark at a time. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OnExecutors {
    private JavaSparkContext spark;

    @BeforeAll
    void open(SparkCluster cluster) {
      spark = Sessions.open(cluster.url());
    }

    @AfterAll
    void close() {
      spark.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneIsKilledInMidEpoch(Writings writings, SparkCluster cluster) throws Exception {
      List<ProcessHandle> killed = new ArrayList<>();
      TrainingListener murder =
          DyingDriver.inMidEpoch(
              () -> {
                ProcessHandle executor = cluster.executors().findFirst().orElseThrow();
                executor.destroyForcibly();
                killed.add(executor);
              });

      writings.train(folder, "bereft").spark(spark).listener(murder).run();

      assertThat(killed).hasSize(1);
      assertExpected(writings, "bereft");
    }

    @Test
    void theyGoOnWhereADriverWasKilledInMidEpoch() throws Exception {
      Writings writings = Writings.CHARACTERS;
      Lockstep driver =
          Lockstep.java(DyingDriver.class, writings.name(), folder.toString(), "orphaned");
      Outcome outcome = driver.briefly().run();
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(DyingDriver.EXIT_CODE);
      List<Position> began = new ArrayList<>();
      var watch =
          new TrainingListener() {
            @Override
            public void began(Position from) {
              began.add(from);
            }
          };

      Training.resume(writings.run(folder, "orphaned")).spark(spark).listener(watch).run();

      assertThat(began)
          .extracting(Position::epoch, Position::roundInEpoch)
          .containsExactly(tuple(0, 2));
      assertExpected(writings, "orphaned");
    }
  }

  private static void assertExpected(Writings writings, String run) throws Exception {
    assertThat(writings.model(folder, run))
        .as("%s, %s", writings, run)
        .isEqualTo(expected.get(writings));
  }
}
