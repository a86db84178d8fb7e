package io.lockstep.app;

import static io.lockstep.app.ChaosFault.CACHE;
import static io.lockstep.app.ChaosFault.DRIVER;
import static io.lockstep.app.ChaosFault.FAIL;
import static io.lockstep.app.ChaosFault.KILL;
import static io.lockstep.app.ChaosFault.SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.ChaosSchedule.Placed;
import io.lockstep.data.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosScheduleTest {
  private static final List<ChaosFault> KINDS = List.of(KILL, FAIL, SLOW);

  @Test
  void eachKindComesBeforeAnyComesAgain() {
    List<ChaosFault> drawn = ChaosSchedule.draw(7, 5, KINDS);

    assertThat(drawn.subList(0, 3)).containsExactlyInAnyOrderElementsOf(KINDS);
    assertThat(drawn.subList(3, 5)).doesNotHaveDuplicates();
  }

  @Test
  void aSeedDecidesAllAndAnotherOneDecidesOtherwise() {
    var first = ChaosSchedule.place(1, KINDS, 100, 4);

    assertThat(ChaosSchedule.place(1, KINDS, 100, 4)).isEqualTo(first);
    assertThat(ChaosSchedule.place(2, KINDS, 100, 4)).isNotEqualTo(first);
    assertThat(ChaosSchedule.draw(1, 9, KINDS)).isEqualTo(ChaosSchedule.draw(1, 9, KINDS));
  }

  @Test
  void eachFaultHasARoundOfItsOwnAndTheFirstRoundHasNone() {
    for (long seed = 0; seed < 200; seed++) {
      List<Placed> placed = ChaosSchedule.place(seed, KINDS, 4, 2);

      assertThat(placed).extracting(Placed::round).containsExactly(1, 2, 3);
      assertThat(placed)
          .allSatisfy(
              it -> {
                assertThat(it.replica()).isBetween(0, 1);
                assertThat(it.moment()).isBetween(0.0, 1.0);
              });
    }
  }

  @Test
  void theDriverDiesFirstAndAllElseKeepsItsOrder() {
    assertThat(ChaosSchedule.place(3, List.of(FAIL, DRIVER, CACHE, DRIVER), 50, 2))
        .extracting(Placed::fault)
        .containsExactly(DRIVER, DRIVER, FAIL, CACHE);
  }

  @Test
  void moreFaultsThanRoundsAreRefusedWithARemedy() {
    assertThatThrownBy(() -> ChaosSchedule.place(0, KINDS, 3, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("3 faults")
        .hasMessageContaining("3 rounds in all")
        .hasMessageContaining("--set training.epochs=2");
  }
}
