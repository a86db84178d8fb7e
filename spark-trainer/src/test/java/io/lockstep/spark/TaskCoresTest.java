package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas that compute at once have no more native threads than there are cores. */
class TaskCoresTest {
  private static SparkConf at(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  @Test
  void aTaskOccupiesACoreForEachThread() {
    try (var spark = Engines.context("cores", "local[4]", 2)) {
      List<Integer> cores =
          spark.parallelize(List.of(1, 2, 3), 3).map(i -> TaskContext.get().cpus()).collect();

      assertThat(cores).containsOnly(2);
      assertThat(spark.defaultParallelism()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "local;1",
        "local[2];2",
        "local[4];2",
        "local[3, 4];3",
        "local-cluster[2,2,1024];2",
        "spark://host:7077;64",
        "yarn;1"
      })
  void aMasterWithEnoughCoresIsTaken(String master, int threads) {
    assertThat(TaskCores.apply(at(master), threads).get(TaskCores.KEY))
        .isEqualTo(Integer.toString(threads));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "local;2;the master local gives 1;--master 'local[2]'",
        "local[1];2;the master local[1] gives 1;--master 'local[2]'",
        "local[3, 4];4;the master local[3, 4] gives 3;--master 'local[4]'",
        "local[*];100000;the master local[*] gives;--master 'local[100000]'",
        "local-cluster[2,2,1024];3;gives 2;local[3]",
        "yarn;2;an executor gives 1;--executor-cores 2",
        "k8s://host;2;an executor gives 1;--executor-cores 2"
      })
  void oneWithTooFewIsTheUsersMistake(String master, int threads, String has, String remedy) {
    assertThatThrownBy(() -> TaskCores.apply(at(master), threads))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("compute.threads of the plan is " + threads, has, remedy);
  }

  @Test
  void theUsersOwnSettingStaysUnlessItIsTooSmall() {
    SparkConf larger = at("local[8]").set(TaskCores.KEY, "4");
    assertThat(TaskCores.apply(larger, 2).get(TaskCores.KEY)).isEqualTo("4");

    SparkConf smaller = at("local[8]").set(TaskCores.KEY, "1");
    assertThatThrownBy(() -> TaskCores.apply(smaller, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("compute.threads is 2", "spark.task.cpus is 1", "Leave");
  }

  @Test
  void executorsWithTooFewCoresAreRefusedWhereTheirNumberIsKnown() {
    SparkConf conf = at("spark://host:7077").set("spark.executor.cores", "2");
    assertThatThrownBy(() -> TaskCores.apply(conf, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--executor-cores 3");
  }
}
