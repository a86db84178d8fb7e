package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.PlanBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model of sequences from a file has the accuracy that plain DL4J finds, one by one. */
class SequencesTrainingTest {
  private static final int COUNT = 24;

  @TempDir private Path folder;

  private final double[][] data = new double[COUNT][];

  private PlanBuilder plan(String engine) {
    String source =
        "sequences: {path: %s/s.csv, sequence: id, time: t, label: class}".formatted(folder);
    return PlanBuilder.named("sequences")
        .train(source)
        .test(source)
        .layers("lstm: 4", "dense: {units: 2, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(1)
        .batch(8)
        .epochs(2)
        .set("run.engine", engine)
        .set("run.master", "local[2]")
        .directory(folder.resolve(engine).toString());
  }

  @Test
  void aModelMeasuresAsPlainDl4jDoes() throws Exception {
    var text = new StringBuilder("id,t,v,class\n");
    for (int sequence = 0; sequence < COUNT; sequence++) {
      data[sequence] = new double[2 + sequence * 5 % 7];
      for (int step = 0; step < data[sequence].length; step++) {
        double value = Math.round(100 * Math.sin(sequence + step * (sequence % 2 + 0.3))) / 100.0;
        data[sequence][step] = value;
        text.append(
            String.format(
                Locale.ROOT,
                "s%d,%d,%s,%s%n",
                sequence,
                step,
                value,
                sequence % 2 == 0 ? "even" : "odd"));
      }
    }
    Files.writeString(folder.resolve("s.csv"), text);
    Training.of(plan("inProcess").build()).run();
    Training.of(plan("spark").build()).run();
    MultiLayerNetwork network = network("inProcess");
    assertThat(network("spark").params()).isEqualTo(network.params());
    int right = 0;
    for (int sequence = 0; sequence < COUNT; sequence++) {
      INDArray input = Nd4j.create(data[sequence]).castTo(network.params().dataType());
      INDArray out = network.output(input.reshape(1, 1, data[sequence].length));
      right += out.getDouble(0, sequence % 2) > 0.5 ? 1 : 0;
    }
    EvaluationResult result =
        Evaluation.of(folder.resolve("inProcess").toString())
            .data(folder.resolve("s.csv").toString())
            .run();
    assertThat(result.metric("accuracy")).isEqualTo(right / (double) COUNT);

    // The model's file alone knows the table, by the names of its columns.
    Path alone = Files.copy(folder.resolve("inProcess/model.zip"), folder.resolve("walks.zip"));
    String later = text.toString().replaceAll("(?m)^(.*),(.*),(.*),(.*)$", "$4,$3,0,$1,$2");
    Files.writeString(folder.resolve("later.csv"), later.replaceFirst(",0,", ",more,"));
    EvaluationResult again =
        Evaluation.of(alone.toString())
            .data(folder.resolve("later.csv").toString())
            .master("local[2]")
            .run();
    assertThat(again.toJson()).isEqualTo(result.toJson());
  }

  private MultiLayerNetwork network(String run) throws Exception {
    return ModelSerializer.restoreMultiLayerNetwork(folder.resolve(run + "/model.zip").toFile());
  }
}
