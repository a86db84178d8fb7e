package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.app.Training;
import io.lockstep.it.Experiment.Model;
import io.lockstep.it.Lockstep.Outcome;
import io.lockstep.plan.PlanFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code spark-submit} to a standalone cluster whose master, workers, drivers and executors are
 * processes of their own, with no other options than how much memory there is.
 */
class ClusterModeIT {
  private static final List<String> CLUSTER_MODE =
      List.of(
          "--deploy-mode", "cluster", "--conf", "spark.standalone.submit.waitAppCompletion=true");

  @TempDir private static Path folder;
  private static Path plan;
  private static Model model;
  private static TrialCluster cluster;

  @BeforeAll
  static void startClusterAndTrainHere() throws Exception {
    plan = write("plan", "adam: {learningRate: 0.01}");
    model = Model.read(trainHere("here"));
    cluster = TrialCluster.start(folder.resolve("cluster"));
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  private static Path write(String name, String optimizer) throws IOException {
    var table = new StringBuilder("x,y\n");
    for (int i = 0; i < 200; i++) {
      double x = Math.sin(i);
      table.append(x).append(',').append(3 * x).append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: line
        data: {train: {csv: {path: %1$s/table.csv, targets: [y]}}, normalize: standardize}
        model: {layers: [dense: {units: 1}], loss: mse, optimizer: {%2$s}}
        training: {replicas: 2, batch: 8, localSteps: 2, epochs: 3}
        run: {directory: %1$s/%3$s}
        """
            .formatted(folder, optimizer, name));
  }

  private static Path trainHere(String run, String... others) throws IOException {
    List<String> settings = new ArrayList<>(List.of(others));
    settings.addAll(List.of("run.engine=inProcess", directory(run)));
    var resolved = PlanFile.resolve(plan.toString(), settings, new Configuration());
    return Path.of(Training.of(resolved).run().file().orElseThrow());
  }

  /** The model does not know where it was trained; the terminal shows the run, and no log. */
  @Test
  void clientModeShowsTheRunAndNothingElse() throws Exception {
    Outcome outcome =
        cluster.submit(List.of(), "train", plan.toString(), "--set", directory("client")).run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(Model.read(folder.resolve("client/model.zip"))).isEqualTo(model);
    assertThat(outcome.err()).doesNotContain(" INFO ", "Using Spark's default log4j profile");
    assertThat(outcome.out()).contains("Spark application app-", "finished after 3 epochs");
    JsonNode applications = cluster.master().path("completedapps");
    assertThat(applications.findValuesAsText("name")).contains("lockstep line");
  }

  /** The driver is a process of a worker, which Spark starts without opening Java's modules. */
  @Test
  void clusterModeNeedsNoOptionsAndItsProgressIsSeenFromOutside() throws Exception {
    Outcome outcome =
        cluster
            .submit(CLUSTER_MODE, "train", plan.toString(), "--set", directory("cluster-mode"))
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    JsonNode driver = cluster.lastDriver();
    String printed = cluster.printed(driver);
    assertThat(driver.path("state").asText()).as(printed).isEqualTo("FINISHED");
    assertThat(printed).contains("finished after 3 epochs");
    assertThat(Model.read(folder.resolve("cluster-mode/model.zip"))).isEqualTo(model);
    Outcome status =
        Lockstep.script("status", "--json", folder.resolve("cluster-mode").toString()).run();
    assertThat(new ObjectMapper().readTree(status.out()).path("state").asText())
        .isEqualTo("finished");
  }

  @Test
  void aRunThatFailsIsADriverThatFailed() throws Exception {
    Path wild = write("wild", "sgd: {learningRate: 9}");

    cluster.submit(CLUSTER_MODE, "train", wild.toString(), "--set", "training.epochs=20").run();

    JsonNode driver = cluster.lastDriver();
    assertThat(driver.path("state").asText()).as(cluster.printed(driver)).isEqualTo("FAILED");
    Outcome status = Lockstep.script("status", "--follow", folder.resolve("wild").toString()).run();
    assertThat(status.exitCode()).as("%s", status).isEqualTo(1);
    assertThat(status.out()).contains("failed: the loss became");
  }

  /** What the scheduler calls twice are the same words; what it gets is the undisturbed model. */
  @Nightly
  @Test
  void aSupervisedDriverThatIsKilledGoesOnToTheSameModel() throws Exception {
    String[] longer = {"training.epochs=300", "run.checkpointRounds=20"};
    Model undisturbed = Model.read(trainHere("longer-here", longer));
    List<String> options = new ArrayList<>(CLUSTER_MODE);
    options.add("--supervise");
    Lockstep submission =
        cluster.submit(
            options,
            "train",
            plan.toString(),
            "--resume-or-begin",
            "--set",
            directory("longer"),
            "--set",
            longer[0],
            "--set",
            longer[1]);

    try (Running submitted = submission.start();
        Running follower =
            Lockstep.script("status", "--follow", folder.resolve("longer").toString()).start()) {
      follower.awaitOutput(line -> line.matches("epoch ([2-9]|[1-9]\\d+)/300 .*"));
      cluster.driver().destroyForcibly();
      assertThat(submitted.outcome().exitCode()).as("%s", submitted).isZero();
    }

    String printed = cluster.printed(cluster.lastDriver());
    assertThat(cluster.lastDriver().path("state").asText()).as(printed).isEqualTo("FINISHED");
    assertThat(printed).contains("going on in epoch");
    assertThat(Model.read(folder.resolve("longer/model.zip"))).isEqualTo(undisturbed);
  }

  @Test
  void aSecondClusterInTheSameFolderIsRefused() throws Exception {
    Outcome again = cluster.call("start");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("a cluster runs already", "scripts/cluster stop");
    assertThat(cluster.call("status").out()).contains("2 running, of 2");
  }

  private static String directory(String run) {
    return "run.directory=" + folder.resolve(run);
  }
}
