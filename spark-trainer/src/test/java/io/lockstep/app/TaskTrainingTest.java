package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.train.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A run whose plan names no loss is that of the plan that names it, also when it is resumed. */
class TaskTrainingTest {
  private static final int SEQUENCES = 24;

  @TempDir private Path folder;

  private final double[][] values = new double[SEQUENCES][];
  private int runs;

  /** Sequences of 2 to 8 steps; a step is up if its value is above the one before. */
  @BeforeEach
  void writeSequences() throws IOException {
    var text = new StringBuilder("id,v,way\n");
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      values[sequence] = new double[2 + sequence * 5 % 7];
      for (int step = 0; step < values[sequence].length; step++) {
        values[sequence][step] = Math.round(100 * Math.sin(3 * sequence + 2 * step)) / 100.0;
        text.append("s%d,%s,".formatted(sequence, values[sequence][step]))
            .append(up(sequence, step) ? "up\n" : "down\n");
      }
    }
    Files.writeString(folder.resolve("s.csv"), text);
  }

  private boolean up(int sequence, int step) {
    return step > 0 && values[sequence][step] > values[sequence][step - 1];
  }

  private PlanBuilder plan(String... layers) {
    String source =
        "sequences: {path: %s/s.csv, sequence: id, label: way, classes: [down, up], per: step}"
            .formatted(folder);
    return PlanBuilder.named("way")
        .train(source)
        .test(source)
        .validation(0.25)
        .layers(layers)
        .optimizer("adam: {learningRate: 0.05}")
        .replicas(2)
        .batch(3)
        .epochs(3)
        .set("run.engine", "inProcess")
        .directory(folder.resolve("run" + runs++).toString());
  }

  private static float[] weights(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
        .state()
        .parameters();
  }

  @Test
  void itTrainsAndResumesWithTheBitsOfThePlanThatSaysItAll() throws IOException {
    String lstm = "lstm: {units: 3, returnSequences: true}";
    TrainedModel written =
        Training.of(plan(lstm, "dense: {activation: sigmoid}").loss("binaryCrossentropy").build())
            .run();
    List<Objective> objectives = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void prepared(TrainingOutline outline) {
            objectives.addAll(outline.objectives());
          }
        };
    TrainedModel left = Training.of(plan(lstm, "dense").build()).listener(listener).run();
    assertThat(weights(left)).isEqualTo(weights(written));
    assertThat(objectives)
        .extracting(Objective::described)
        .containsExactly(
            "task sequenceLabelling (2 classes by one output), loss binaryCrossentropy, measured"
                + " by accuracy, precision, recall, f1, balancedAccuracy, mcc, auc, auprc,"
                + " averagePrecision, brier");

    String stopped = folder.resolve("stopped").toString();
    int[] asked = {0};
    Training.of(plan(lstm, "dense").task("sequenceLabelling").directory(stopped).build())
        .stopWhen(() -> asked[0]++ == 3)
        .run();
    assertThat(weights(Training.resume(stopped).run())).isEqualTo(weights(written));
    assertThat(Verification.ledger(stopped).problems()).isEmpty();
  }

  /** One output for each step tells two classes apart: figures count the steps that are there. */
  @Test
  void oneOutputForEachStepIsMeasuredAsPlainDl4jDoesIt() throws Exception {
    TrainedModel model =
        Training.of(plan("lstm: {units: 3, returnSequences: true}", "dense").epochs(6).build())
            .run();
    MultiLayerNetwork network =
        ModelSerializer.restoreMultiLayerNetwork(Path.of(model.file().orElseThrow()).toFile());
    int right = 0;
    int steps = 0;
    double loss = 0;
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      INDArray input = Nd4j.create(values[sequence]).castTo(network.params().dataType());
      INDArray out = network.output(input.reshape(1, 1, values[sequence].length));
      for (int step = 0; step < values[sequence].length; step++) {
        double up = out.getDouble(0, 0, step);
        right += (up > 0.5) == up(sequence, step) ? 1 : 0;
        loss -= Math.log(up(sequence, step) ? up : 1 - up);
        steps++;
      }
    }
    EvaluationResult test = model.test().orElseThrow();
    assertThat(test.metric("accuracy")).isEqualTo(right / (double) steps);
    assertThat(test.metric("loss")).isCloseTo(loss / SEQUENCES, within(1e-5));
  }
}
