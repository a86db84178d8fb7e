package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.train.RunSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
  private static final long MEGA = 1L << 20;
  private static final long GIGA = 1L << 30;
  private static final long LENET = 431_080;
  private static final long LARGE = 24_000_000;

  /** A run with Adam in averaging mode. */
  private static RunSize adam(long parameters, int replicas, long dataBytes) {
    long window = Math.min(64 * MEGA, dataBytes / replicas);
    return new RunSize(
        parameters, 2 * parameters, true, false, false, replicas, dataBytes, window, MEGA);
  }

  private static Memory standalone(SparkConf conf, long driver, int executors, int cores) {
    return Memory.of(conf.set("spark.master", "spark://host:7077"), driver, executors, cores);
  }

  private static SparkConf conf() {
    return new SparkConf(false);
  }

  @Test
  void aSmallNetworkFitsIntoSparksDefaultsWhateverTheSizeOfItsData() {
    RunSize run = adam(LENET, 2, 20 * GIGA);

    assertThat(standalone(conf(), GIGA, 2, 1).fit(run)).isEmpty();
    assertThat(Memory.of(conf().set("spark.master", "local[2]"), GIGA, 1, 2).fit(run)).isEmpty();
  }

  @Test
  void manyReplicasAtOnceInASmallExecutorAreWarnedOfButNotRefused() {
    RunSize run = adam(LENET, 8, 2600 * MEGA);

    assertThat(standalone(conf(), GIGA, 1, 8).fit(run))
        .singleElement()
        .asString()
        .contains("the Java heap of an executor is 1.0 GB", "--executor-memory 2g");
  }

  @Test
  void aLargeNetworkInSparksDefaultsIsRefusedWithTheLineToAdd() {
    Memory memory = standalone(conf(), GIGA, 1, 2);

    assertThatThrownBy(() -> memory.fit(adam(LARGE, 2, 50 * MEGA)))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            "the driver's Java heap is 1.0 GB",
            "24,000,000 parameters",
            "--driver-memory 2g --executor-memory 2g --conf spark.executor.memoryOverhead=2g");
  }

  @ParameterizedTest
  @ValueSource(longs = {LENET, 5_600_000, LARGE, 200_000_000})
  void whatTheLineGivesIsEnough(long parameters) {
    RunSize run = adam(parameters, 4, 3 * GIGA);
    String line = standalone(conf(), GIGA, 2, 2).need(run).line();
    Matcher given =
        Pattern.compile("--driver-memory (\\d+)g --executor-memory (\\d+g) --conf (\\S+)=(\\d+g)")
            .matcher(line);
    assertThat(given.matches()).isTrue();

    SparkConf asTold =
        conf()
            .set("spark.master", "yarn")
            .set("spark.executor.memory", given.group(2))
            .set(given.group(3), given.group(4));
    assertThat(Memory.of(asTold, Long.parseLong(given.group(1)) * GIGA, 2, 2).fit(run)).isEmpty();
  }

  @Test
  void aContainerWithoutRoomForTheNetworksIsRefused() {
    SparkConf yarn = conf().set("spark.master", "yarn").set("spark.executor.memory", "8g");

    assertThatThrownBy(() -> Memory.of(yarn, 8 * GIGA, 1, 4).fit(adam(LARGE, 4, GIGA)))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("beside its heap is 819 MB", "spark.executor.memoryOverhead=4g");
  }

  /** 5.6 million parameters with Adam on local[2]: measured, see {@link HeapNeed}. */
  @Test
  void theEstimateLiesWhereARunWasSeenToFailAndToWork() {
    RunSize run = adam(5_565_010, 2, 8 * MEGA);

    assertThat(new HeapNeed(run, 0.6).single(2)).isBetween(620 * MEGA, 850 * MEGA);
  }
}
