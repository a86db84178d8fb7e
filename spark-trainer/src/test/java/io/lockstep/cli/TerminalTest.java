package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.TrainingPlan;
import io.lockstep.ps.Padding;
import io.lockstep.run.RunEvent;
import io.lockstep.train.RoundPace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void whatIsPaddedComesWithARemedyThatHelps() {
    var much = new Padding(60, 100);
    assertThat(padding(much, "{}"))
        .endsWith("40 % of the time steps computed; see training.bucketing");
    assertThat(padding(much, "{bucketing: byLength}"))
        .endsWith("is byLength already: a smaller training.batch pads less");
    assertThat(padding(much, "{stateful: true}")).endsWith("training.stateful keeps the order");
    assertThat(padding(new Padding(95, 100), "{}")).endsWith("5 % of the time steps computed");
  }

  private static String padding(Padding padding, String training) {
    String yaml =
        """
        data: {train: {textWindows: {path: a}}}
        model: {layers: [{embedding: 2}, {lstm: {units: 2, returnSequences: true}}, dense]}
        training: %s
        """;
    Plan plan = PlanParser.parse(yaml.formatted(training), "plan.yaml", List.of());
    return RunSummary.padding(padding, plan.training()).orElseThrow();
  }

  @Test
  void aConsoleThatIsNotDumbIsInteractive() {
    assertThat(
            Terminal.detect(
                true, Map.of("TERM", "xterm", "COLUMNS", "120"), StandardCharsets.UTF_8))
        .isEqualTo(new Terminal(true, 120, true, true));
    assertThat(Terminal.detect(true, Map.of("TERM", "dumb"), StandardCharsets.UTF_8).interactive())
        .isFalse();
    assertThat(Terminal.detect(true, Map.of(), StandardCharsets.UTF_8).interactive()).isFalse();
    assertThat(Terminal.detect(false, Map.of("TERM", "xterm"), StandardCharsets.UTF_8))
        .isEqualTo(new Terminal(false, 80, true, false));
  }

  @Test
  void unicodeAndColourAreUsedOnlyWhereTheyArrive() {
    Map<String, String> environment = Map.of("TERM", "xterm", "NO_COLOR", "1");

    assertThat(Terminal.detect(true, environment, StandardCharsets.US_ASCII))
        .isEqualTo(new Terminal(true, 80, false, false));
    assertThat(Terminal.detect(true, environment, StandardCharsets.ISO_8859_1).unicode()).isFalse();
  }

  @Test
  void nonsenseAboutColumnsIsIgnored() {
    for (String columns : List.of("wide", "-3", "0", "")) {
      Map<String, String> environment = Map.of("TERM", "xterm", "COLUMNS", columns);
      assertThat(Terminal.detect(true, environment, StandardCharsets.UTF_8).columns())
          .isBetween(40, 80);
    }
  }

  @Test
  void aFinishedRunNamesItsModelMetricsAndTheNextCommands() {
    var summary =
        new RunSummary(
            RunEvent.Outcome.FINISHED,
            "runs/my digits",
            "runs/my digits/model.zip",
            5,
            45_000,
            30,
            List.of("test  accuracy 0.9812"));

    assertThat(summary.lines())
        .containsExactly(
            "finished after 5 epochs, 45,000 examples in 0:30 (1,500 examples/s)",
            "  test  accuracy 0.9812",
            "run    runs/my digits",
            "model  runs/my digits/model.zip",
            "evaluate it with  lockstep evaluate --model 'runs/my digits' --data PATH",
            "score data with   lockstep score --model 'runs/my digits' --data PATH --output PATH",
            "check it with     lockstep verify --ledger 'runs/my digits'");
  }

  @Test
  void whatRoundsCostIsSaidWithTheStepsThatWouldMakeItLittle() {
    var averaging = training("{replicas: 2, batch: 8, localSteps: 10, epochs: 1}");
    var gradient = training("{replicas: 2, batch: 8, localSteps: 1, mode: gradient, epochs: 1}");
    var dear = new RoundPace(99, 0.5, 0.3); // 30 ms a step

    assertThat(RunSummary.pace(dear, averaging, 1000))
        .hasValue(
            "rounds cost 40 % of the time: 200 ms of 500; training.localSteps: 60 would make it"
                + " 10 % (lockstep plan)");
    assertThat(RunSummary.pace(dear, averaging, 59))
        .hasValue("rounds cost 40 % of the time: 200 ms of 500");
    assertThat(RunSummary.pace(dear, gradient, 1000))
        .hasValue("rounds cost 40 % of the time: 200 ms of 500");
    assertThat(RunSummary.pace(new RoundPace(99, 0.5, 0.46), averaging, 1000)).isEmpty();
  }

  @Test
  void anEpochIsToldBesideWhatWasToBeExpected() {
    assertThat(RunSummary.prediction(new RunEvent.Predicted("local[2]", 0.01204, 9.2, 9.84)))
        .isEqualTo(
            "an epoch took 9.84 s on local[2]; lockstep plan predicts 9.20 s, of steps of 12.0 ms"
                + " alone on one core");
  }

  private static TrainingPlan training(String section) {
    return PlanBuilder.named("any")
        .train("embedded: mnist-10k")
        .layers("dense")
        .set("training", section)
        .build()
        .training();
  }

  @Test
  void aStoppedRunNamesTheCommandToResumeIt() {
    var summary = new RunSummary(RunEvent.Outcome.STOPPED, "runs/a", "", 1, 900, 0, List.of());

    assertThat(summary.lines())
        .containsExactly(
            "stopped by user after 1 epochs, 900 examples in 0:00 (0 examples/s)",
            "run    runs/a",
            "resume it with   lockstep train --resume runs/a");
  }

  @Test
  void curvesComeFromTheEventsOfTheRun() throws IOException {
    var json = new ObjectMapper();
    var events = new ArrayList<JsonNode>();
    for (int round = 0; round < 20; round++) {
      events.add(json.readTree("{\"event\":\"round\",\"loss\":%d}".formatted(20 - round)));
    }
    for (String split : List.of("validation", "validation", "test")) {
      events.add(
          json.readTree(
              "{\"event\":\"evaluation\",\"split\":\"%s\",\"result\":{\"metrics\":{\"accuracy\":%s}}}"
                  .formatted(split, events.size() / 30.0)));
    }

    List<String> lines = RunSummary.curves(events, Terminal.PLAIN);

    assertThat(lines)
        .anyMatch(line -> line.endsWith("training loss"))
        .anyMatch(line -> line.endsWith("20 rounds"))
        .anyMatch(line -> line.endsWith("validation accuracy"))
        .anyMatch(line -> line.endsWith("2 evaluations"));
  }
}
