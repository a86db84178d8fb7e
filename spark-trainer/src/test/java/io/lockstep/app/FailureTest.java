package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.train.LostWorkException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
  @Test
  void theUsersMistakeIsFoundWhereverItWasMet() {
    Failure failure =
        Failure.of(
            new IllegalStateException("Job aborted", new IOException(new InputException("row 7"))));

    assertThat(failure).isEqualTo(new Failure(true, "row 7", true));
  }

  @Test
  void aFullDiskIsOneSentenceWhoeverReportsIt() {
    var disk = new IOException("No space left on device");

    assertThat(Failure.of(new IllegalStateException("checkpoint", disk)).message())
        .contains("No space left on device", "Make room", "--resume");
    assertThat(Failure.of(disk).isInput()).isFalse();
  }

  @Test
  void aJarOnASparkThatItWasNotBuiltForNamesBoth() {
    Failure failure = Failure.of(new NoSuchMethodError("scala.Predef.refArrayOps"));

    assertThat(failure.isInput()).isFalse();
    assertThat(failure.message())
        .contains(
            "refArrayOps",
            "built for Spark " + Built.read().spark() + " with Scala " + Built.read().scala(),
            "runs on Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION(),
            "README");
  }

  @ParameterizedTest
  @MethodSource
  void wrongPlacesAreWrongInputAndNameTheRemedy(Throwable thrown, String name, String remedy) {
    Failure failure = Failure.of(thrown);

    assertThat(failure.isInput()).isTrue();
    assertThat(failure.message()).contains(name, remedy).doesNotContain("Exception");
  }

  static Stream<Arguments> wrongPlacesAreWrongInputAndNameTheRemedy() {
    return Stream.of(
        Arguments.of(
            new IllegalArgumentException(new UnknownHostException("nowhere")), "nowhere", "spell"),
        Arguments.of(thrownBy("s3a://bucket/train.csv"), "s3a", "--packages"),
        Arguments.of(thrownBy("foo://place/train.csv"), "foo", "hdfs:"),
        Arguments.of(
            new AccessDeniedException("/home/ann/plan.yaml"), "ann/plan.yaml", "permission"),
        Arguments.of(
            new FileNotFoundException("/data/t.csv (Permission denied)"), "/data/t.csv.", "path"),
        Arguments.of(
            new LostWorkException(
                "AccessControlException: Permission denied: user=ann, access=READ, inode=\"/t.csv\""
                    + " (replica 0 on executor 1 at node7, tried 4 times), while reading t.csv",
                null),
            "user=ann, access=READ, inode=\"/t.csv\".",
            "permissions"),
        Arguments.of(
            new IllegalArgumentException(
                new InaccessibleObjectException(
                    "Unable to make field final byte[] java.nio.ByteBuffer.hb accessible: module"
                        + " java.base does not \"opens java.nio\" to unnamed module @69eee4")),
            "java.nio",
            "--driver-java-options"),
        Arguments.of(thrownBySpark("foo"), "'foo'", "local[4]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "java.lang.OutOfMemoryError: Java heap space (replica 1 on executor 0 at 10.0.0.7)"
            + " | --executor-memory",
        "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Command"
            + " exited with code 52 | --executor-memory",
        "TaskResultLost (result lost from block manager) (replica 0 on executor 3 at 10.0.0.7)"
            + " | --executor-memory",
        "Container killed by YARN for exceeding physical memory limits. 2.1 GB of 2 GB used"
            + " | spark.executor.memoryOverhead",
        "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: The"
            + " executor with id 1 exited with exit code 137 | spark.executor.memoryOverhead",
        "java.lang.OutOfMemoryError: Physical memory usage is too high: physicalBytes (3G) >"
            + " maxPhysicalBytes (2G) (replica 1 on executor 0) | --executor-memory",
        "java.util.concurrent.RejectedExecutionException: Task rejected from ThreadPoolExecutor"
            + "[Shutting down, pool size = 1] (replica 1 on executor 0) | --executor-memory",
        "java.lang.OutOfMemoryError: Java heap space (replica 1 on executor driver at localhost)"
            + " | --driver-memory"
      })
  void memoryThatRunsOutNamesTheSettingToRaise(String said, String setting) {
    Failure failure = Failure.of(new LostWorkException(said, new IllegalStateException("cause")));

    assertThat(failure.isInput()).isFalse();
    assertThat(failure.isKnown()).isTrue();
    assertThat(failure.message()).contains(setting, "exhausted");
  }

  @Test
  void anExecutorThatWasLostForOtherReasonsIsNotSaidToLackMemory() {
    var lost = new LostWorkException("executor 1 exited with exit code 143", null);

    assertThat(Failure.of(lost).message()).doesNotContain("exhausted");
  }

  private static Throwable thrownBy(String path) {
    try {
      new Path(path).getFileSystem(new Configuration()).exists(new Path(path));
      throw new AssertionError(path + " can be read");
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  private static Throwable thrownBySpark(String master) {
    var conf = new SparkConf(false).setMaster(master).setAppName("test");
    try (var spark = new JavaSparkContext(conf.set("spark.ui.enabled", "false"))) {
      throw new AssertionError(master + " is a master: " + spark.master());
    } catch (Exception e) { // Scala does not declare that it is checked
      return e;
    }
  }

  /** Spark's own words, of a heap smaller than it works with. */
  @Test
  void aHeapTooSmallForSparkIsToldInMegabytes() {
    Failure failure =
        Failure.of(
            new IllegalArgumentException(
                "System memory 209715200 must be at least 471859200. Please increase heap size"
                    + " using the --driver-memory option or spark.driver.memory in Spark"
                    + " configuration."));

    assertThat(failure.isInput()).isTrue();
    assertThat(failure.message()).contains("200 MB", "450", "LOCKSTEP_MEMORY=1g", "inProcess");
  }

  @Test
  void aHeapTooSmallForSparkIsRefusedBeforeSparkIsAsked() {
    assertThatThrownBy(() -> Master.checkHeap(200L << 20))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("LOCKSTEP_MEMORY=1g");
    Master.checkHeap(471_859_200);
  }

  @Test
  void whatIsNotKnownIsToldWithAllItsCauses() {
    Failure failure =
        Failure.of(new IllegalStateException("round 7\n\tat x", new IOException("Stream closed")));

    assertThat(failure.isKnown()).isFalse();
    assertThat(failure.message().lines())
        .containsExactly("IllegalStateException: round 7", "  because: IOException: Stream closed");
  }
}
