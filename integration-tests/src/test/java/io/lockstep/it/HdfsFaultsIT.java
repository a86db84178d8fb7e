package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.Failure;
import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.app.Verification;
import io.lockstep.data.InputException;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.run.Position;
import java.io.InputStream;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What HDFS refuses or loses while a run is recorded in it: the run goes on, or says why not. */
@ExtendWith(Clusters.class)
class HdfsFaultsIT {
  private static final long NO_LIMIT = -1;

  @TempDir static java.nio.file.Path local;
  private static byte[] expected;

  private final MiniDfs dfs;

  HdfsFaultsIT(MiniDfs dfs) {
    this.dfs = dfs;
  }

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    String directory = local.resolve("run").toUri().toString();
    training(directory).run();
    expected = model(directory);
  }

  @Test
  void aDataNodeThatDiesDoesNotEndTheRun() throws Exception {
    String directory = dfs.url("/faults/bereft");
    List<AutoCloseable> dead = new ArrayList<>();
    try {
      TrainedModel model =
          training(directory).listener(after(3, () -> dead.add(dfs.withoutDataNode(0)))).run();

      assertThat(model(directory)).isEqualTo(expected);
      assertThat(model.events()).extracting(it -> it.path("event").asText()).contains("end");
      assertThat(Verification.ledger(directory).isExact()).isTrue();
    } finally {
      for (AutoCloseable each : dead) {
        each.close();
      }
    }
    assertThat(dead).hasSize(1);
  }

  @Test
  void aSmallRunFitsIntoASmallQuotaOfSpace() throws Exception {
    // 0.4 MB of parameters and updater values in each checkpoint, three copies of all.
    dfs.limit("/faults/small", NO_LIMIT, 60 << 20);

    training(dfs.url("/faults/small/run")).run();

    assertThat(model(dfs.url("/faults/small/run"))).isEqualTo(expected);
  }

  @Test
  void aQuotaThatIsUsedUpIsSaidAndTheRunGoesOnOnceItIsRaised() throws Exception {
    String directory = dfs.url("/faults/names/run");
    dfs.limit("/faults/names", NO_LIMIT, NO_LIMIT);

    assertFails(
        directory,
        () -> dfs.limit("/faults/names", dfs.names("/faults/names"), NO_LIMIT),
        "cannot be written",
        "a quota is used up: free space or raise it",
        "--resume");

    dfs.limit("/faults/names", NO_LIMIT, NO_LIMIT);
    assertGoesOn(directory);
  }

  @Test
  void aNameNodeInSafeModeIsSaidAndTheRunGoesOnOnceItHasLeftIt() throws Exception {
    String directory = dfs.url("/faults/safe");
    List<AutoCloseable> safe = new ArrayList<>();

    assertFails(
        directory,
        () -> safe.add(dfs.inSafeMode()),
        "HDFS is in safe mode",
        "hdfs dfsadmin -safemode get",
        "--resume");
    assertThatThrownBy(() -> training(dfs.url("/faults/other")).run())
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("/faults/other", "HDFS is in safe mode");

    safe.get(0).close();
    assertGoesOn(directory);
  }

  @Test
  void whatThisUserMayNotDoIsSaidWithThePath() throws Exception {
    Path closed = new Path(dfs.url("/faults/closed"));
    dfs.fileSystem().mkdirs(closed);
    dfs.fileSystem().setPermission(closed, new FsPermission((short) 0700));
    String run = closed + "/run";
    training(run).stopWhen(() -> true).run();
    Path own = new Path(dfs.url("/ann"));
    dfs.fileSystem().mkdirs(own);
    dfs.fileSystem().setOwner(own, "ann", "ann");

    assertRefused(() -> training(closed + "/another").run(), closed + "/another");
    assertRefused(() -> Training.resume(run).hadoop(new Configuration()).run(), run);
    assertRefused(() -> training(own + "/run", data(closed + "/x.csv")).run(), "x.csv");
  }

  private static void assertRefused(ThrowingCallable work, String path) {
    var ann = UserGroupInformation.createRemoteUser("ann");
    assertThatThrownBy(
            () ->
                ann.doAs(
                    (PrivilegedExceptionAction<Void>)
                        () -> {
                          try {
                            work.call();
                          } catch (Throwable e) {
                            throw (Exception) e;
                          }
                          return null;
                        }))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(path, "this user");
  }

  private static void assertFails(String directory, Fault fault, String... said) {
    assertThatThrownBy(() -> training(directory).listener(after(3, fault)).run())
        .satisfies(
            thrown -> {
              Failure failure = Failure.of(thrown);
              assertThat(failure.isInput()).isFalse();
              assertThat(failure.message()).contains(said);
            });
  }

  private static void assertGoesOn(String directory) throws Exception {
    Training.resume(directory).hadoop(new Configuration()).run();
    assertThat(model(directory)).isEqualTo(expected);
    assertThat(Verification.ledger(directory).isExact()).isTrue();
  }

  /** Something that happens to a cluster. */
  @FunctionalInterface
  private interface Fault {
    void happen() throws Exception;
  }

  private static TrainingListener after(long rounds, Fault fault) {
    return new TrainingListener() {
      @Override
      public void round(Position next, double loss) {
        if (next.round() == rounds) {
          try {
            fault.happen();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  private static Training training(String directory) {
    return training(directory, "embedded: mnist-10k");
  }

  private static String data(String csv) {
    return "csv: {path: '%s', label: y}".formatted(csv);
  }

  private static Training training(String directory, String data) {
    Plan plan =
        PlanBuilder.named("faults")
            .train(data)
            .normalize(Normalization.SCALE)
            .layers("dense: {units: 40, activation: relu}", "dense")
            .optimizer("adam: {learningRate: 0.003}")
            .set("training", "{replicas: 2, batch: 250, localSteps: 2, epochs: 1}")
            .set("run", "{checkpointRounds: 2}")
            .build();
    return Training.of(plan.withRun(plan.run().withEngine(EngineKind.IN_PROCESS)))
        .hadoop(new Configuration())
        .directory(directory);
  }

  private static byte[] model(String directory) throws Exception {
    Path file = new Path(directory, "model.zip");
    try (InputStream in = FileSystem.get(file.toUri(), new Configuration()).open(file)) {
      return in.readAllBytes();
    }
  }
}
