package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.run.Position;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundClockTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RoundClock clock = new RoundClock(nanos::get);

  private void round(long number, double seconds) {
    nanos.addAndGet((long) (1e9 * seconds));
    clock.round(new Position(number + 1, 0, (int) number + 1, 0, 0), 0);
  }

  @Test
  void theMedianLeavesOutTheFirstRoundAndEvaluations() {
    clock.began(Position.START);
    round(0, 9);
    round(1, 1);
    nanos.addAndGet(50_000_000_000L);
    clock.evaluated(0, null, null);
    round(2, 2);
    round(3, 3);

    assertThat(clock.median()).isEqualTo(2);
    assertThat(clock.end(3)).hasValue(65);
    assertThat(clock.end(4)).isEmpty();
  }

  @Test
  void onlyRoundsOfMoreThanTwiceTheUsualTimeHaveLostSome() {
    clock.began(Position.START);
    round(0, 1);
    round(1, 1.9);
    round(2, 5);
    round(3, 9);

    assertThat(clock.excess(0, 3, 1)).isEqualTo(4);
    assertThat(clock.excess(2, Long.MAX_VALUE, 1)).isEqualTo(12);
  }

  @Test
  void waitingIsSinceTheLastSignOfLife() {
    clock.began(Position.START);
    round(0, 1);
    nanos.addAndGet(7_000_000_000L);

    assertThat(clock.waiting()).isEqualTo(7);
    assertThat(clock.next()).isEqualTo(1);
  }
}
