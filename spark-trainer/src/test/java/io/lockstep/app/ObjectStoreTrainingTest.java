package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.ObjectFileSystem;
import io.lockstep.run.Position;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.spark.SparkSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data, run directory and model in an object store, from the first round to a measured model. */
class ObjectStoreTrainingTest {
  private static final String STORE = "objects://training";

  @TempDir private java.nio.file.Path local;

  @Test
  void aRunIsStoppedResumedAndMeasuredWithTheBitsOfALocalDisk() throws Exception {
    write(STORE + "/train.csv");
    String expected = local.toUri() + "run";
    Training.of(plan(STORE + "/train.csv").set("run.engine", "inProcess").build())
        .hadoop(ObjectFileSystem.settings())
        .directory(expected)
        .run();

    var settings = SparkSettings.local("local[2]", "objects");
    ObjectFileSystem.settings()
        .forEach(
            each -> {
              if (each.getKey().startsWith("fs.objects.")) {
                settings.set("spark.hadoop." + each.getKey(), each.getValue());
              }
            });
    try (var spark = new JavaSparkContext(settings)) {
      var rounds = new AtomicInteger();
      TrainedModel stopped =
          Training.of(plan(STORE + "/train.csv").build())
              .directory(STORE + "/run")
              .spark(spark)
              .stopWhen(() -> rounds.getAndIncrement() == 5)
              .run();
      assertThat(stopped.outcome()).isEqualTo(Outcome.STOPPED);

      TrainedModel model = Training.resume(STORE + "/run").spark(spark).run();

      assertThat(model.outcome()).isEqualTo(Outcome.FINISHED);
      assertThat(read(STORE + "/run/model.zip")).isEqualTo(read(expected + "/model.zip"));
      double accuracy =
          Evaluation.of(STORE + "/run")
              .data(STORE + "/train.csv")
              .spark(spark)
              .run()
              .metric("accuracy");
      assertThat(accuracy).isGreaterThan(0.9);
    }
  }

  @Test
  void aStoreThatIsFullEndsTheRunWithThePathAndItGoesOnOnceThereIsRoom() throws Exception {
    write(STORE + "/train.csv");
    String directory = STORE + "/full";
    PlanBuilder plan = plan(STORE + "/train.csv").set("run.engine", "inProcess");
    TrainingListener filling =
        new TrainingListener() {
          @Override
          public void round(Position next, double loss) {
            if (next.round() == 5) {
              ObjectFileSystem.bucket("training").full(true);
            }
          }
        };

    assertThatThrownBy(
            () ->
                Training.of(plan.build())
                    .hadoop(ObjectFileSystem.settings())
                    .directory(directory)
                    .listener(filling)
                    .run())
        .satisfies(
            thrown ->
                assertThat(Failure.of(thrown).message())
                    .contains(directory, "the disk is full", "--resume"));

    ObjectFileSystem.bucket("training").full(false);
    Training.resume(directory).hadoop(ObjectFileSystem.settings()).run();
    String undisturbed = STORE + "/undisturbed";
    Training.of(plan.build()).hadoop(ObjectFileSystem.settings()).directory(undisturbed).run();
    assertThat(read(directory + "/model.zip")).isEqualTo(read(undisturbed + "/model.zip"));
  }

  private static PlanBuilder plan(String data) {
    return PlanBuilder.named("sides")
        .train("csv: {path: '%s', label: side}".formatted(data))
        .normalize(Normalization.STANDARDIZE)
        .layers("dense: {units: 4, activation: tanh}", "dense")
        .optimizer("adam: {learningRate: 0.1}")
        .set("training", "{replicas: 2, batch: 8, localSteps: 2, epochs: 2}")
        .set("run.checkpointRounds", "2");
  }

  private static void write(String path) throws Exception {
    Random random = new Random(7);
    var text = new StringBuilder("x,y,side\n");
    for (int i = 0; i < 120; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      text.append(x).append(',').append(y).append(x > y ? ",right\n" : ",left\n");
    }
    try (OutputStream out = files(path).create(new Path(path))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] read(String path) throws Exception {
    try (InputStream in = files(path).open(new Path(path))) {
      return in.readAllBytes();
    }
  }

  private static FileSystem files(String path) throws Exception {
    Configuration settings = ObjectFileSystem.settings();
    return new Path(path).getFileSystem(settings);
  }
}
