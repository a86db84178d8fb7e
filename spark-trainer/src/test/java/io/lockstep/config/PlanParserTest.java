package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanParserTest {
  @Test
  void reportsAllProblemsAtOnceWithLinesAndNearestWords() {
    String yaml =
        """
        nmae: x
        data:
          train: {embeded: mnist-10k}
        model:
          layers:
            - dence: {units: 10}
            - dense: {unitz: 10}
            - dense: {units: 10, activation: softmaxx}
          loss: categoricalCrosentropy
          optimizer: {adam: {learningRate: fast}}
        training:
          replicas: 0
          epoch: 5
          mode: gradient
        """;
    assertThatThrownBy(() -> PlanParser.parse(yaml, "plan.yaml", List.of("training.batch=many")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("plan.yaml has ")
        .hasMessageContaining("plan.yaml:1: nmae is not a key; did you mean name?")
        .hasMessageContaining(
            "plan.yaml:6: model.layers.0: dence is not a layer; did you mean dense?")
        .hasMessageContaining("command line: training.batch must be an integer");
  }
}
