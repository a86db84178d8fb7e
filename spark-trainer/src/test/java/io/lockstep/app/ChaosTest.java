package io.lockstep.app;

import static io.lockstep.app.ChaosFault.CACHE;
import static io.lockstep.app.ChaosFault.FAIL;
import static io.lockstep.app.ChaosFault.SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under a local master, whose tasks are tried again here as they are on a cluster. */
class ChaosTest {
  @TempDir private Path folder;

  private Chaos chaos() {
    return Chaos.of(
        PlanBuilder.named("small")
            .train("embedded: mnist-10k")
            .normalize(Normalization.SCALE)
            .layers("dense: {units: 8, activation: relu}", "dropout: 0.2", "dense")
            .optimizer("adam: {learningRate: 0.003}")
            .set("training", "{replicas: 2, batch: 64, localSteps: 10, epochs: 1}")
            .set("run", "{master: 'local[2]', directory: %s/run}".formatted(folder))
            .build());
  }

  @Test
  void faultsWithinOneJvmChangeNothingAndAreAllTold() throws Exception {
    List<String> told = new ArrayList<>();
    var listener =
        new ChaosListener() {
          @Override
          public synchronized void fault(ChaosFault fault, long round, String where) {
            told.add(fault.word() + " " + round);
          }
        };

    ChaosReport report =
        chaos().seed(5).faults(List.of(FAIL, CACHE, SLOW)).listener(listener).run();

    assertThat(report.failure()).isEmpty();
    assertThat(report.sameBits()).isTrue();
    assertThat(report.ledgersExact()).isTrue();
    assertThat(report.undisturbed().weights()).matches("[0-9a-f]{64}");
    assertThat(report.injuries())
        .extracting(ChaosReport.Injury::fault)
        .containsExactly(FAIL, CACHE, SLOW);
    assertThat(told)
        .isEqualTo(
            report.injuries().stream().map(it -> it.fault().word() + " " + it.round()).toList());
    assertThat(seen(report, 0)).contains("a task repeated");
    assertThat(seen(report, 1)).contains("cached blocks dropped").doesNotContain(" 0 cached");
    assertThat(report.injuries().get(2).lostSeconds()).isGreaterThan(0.9);
  }

  private static String seen(ChaosReport report, int injury) {
    return report.injuries().get(injury).seen().orElseThrow();
  }

  @Test
  void anExecutorThatIsTheDriverCannotBeKilled() {
    assertThatThrownBy(() -> chaos().faults(List.of(ChaosFault.KILL)).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("fault 'kill'")
        .hasMessageContaining("local-cluster[2,1,1024]");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void moreFaultsThanRoundsAreRefusedBeforeAnythingIsWritten() {
    assertThatThrownBy(() -> chaos().faults(500).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("500 faults");
    assertThat(folder).isEmptyDirectory();
  }
}
