package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.TrainingState;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two replicas and a driver meet, also when tasks die, slots are few, or nothing is to be done. */
class RendezvousTest {
  private static final RoundStart START =
      RoundStart.of(new TrainingState(new float[1], new float[0], 0, 0));
  private static final RoundRequest FIRST = new RoundRequest(0, 0);
  private static final RoundRequest SECOND = new RoundRequest(0, 1);

  private long now;
  private final Rendezvous rendezvous = new Rendezvous(2, () -> now);

  /** A task of a replica, with the answers that it got so far. */
  private final class Task {
    private final int replica;
    private final List<NextRound> answers = new ArrayList<>();

    Task(int replica) {
      this.replica = replica;
    }

    Task comes() {
      rendezvous.ask(DoneRound.none(0, replica), answers::add);
      return this;
    }

    Task brings(int number) {
      rendezvous.ask(new DoneRound(0, replica, number, 5, Reply.leftInPlace()), answers::add);
      return this;
    }

    /** As numbers of rounds; W for waiting, L for leaving. */
    String told() {
      String told =
          answers.stream()
              .map(it -> it.isRound() ? "" + it.number() : it.isLeaving() ? "L" : "W")
              .reduce("", String::concat);
      answers.clear();
      return told;
    }
  }

  private final Task zero = new Task(0);
  private final Task one = new Task(1);

  private boolean open(RoundRequest request) {
    try (Passage passage = ByReference.open(START, 2)) {
      return rendezvous.open(passage, request);
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
    rendezvous.look();
  }

  private List<Integer> awaited() throws Exception {
    try {
      DoneRound[] done = rendezvous.await();
      return done == null ? null : Arrays.stream(done).map(DoneRound::number).toList();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void replicasGetRoundAfterRoundWhicheverSideIsFirst() throws Exception {
    zero.comes();
    assertThat(open(FIRST)).isTrue();
    one.comes();
    assertThat(zero.told() + one.told()).isEqualTo("00");
    one.brings(0);
    zero.brings(0);
    assertThat(awaited()).containsExactly(0, 0);
    assertThat(zero.told() + one.told()).isEmpty();
    assertThat(open(SECOND)).isTrue();
    assertThat(zero.told() + one.told()).isEqualTo("11");
    zero.brings(1);
    one.brings(1);
    assertThat(awaited()).containsExactly(1, 1);

    rendezvous.dismiss();

    assertThat(zero.told() + one.told()).isEqualTo("LL");
    assertThat(open(FIRST)).isFalse();
  }

  @Test
  void aTaskThatIsRunAgainDoesTheRoundThatIsMissing() throws Exception {
    open(FIRST);
    zero.comes().brings(0);
    one.comes();
    one.told();
    rendezvous.lost(1);
    Task again = new Task(1).comes();
    assertThat(again.told()).isEqualTo("0");
    again.brings(0);
    assertThat(awaited()).containsExactly(0, 0);
  }

  @Test
  void whatAnEarlierAttemptBringsCountsOnceAndItLeaves() throws Exception {
    open(FIRST);
    zero.comes();
    one.comes();
    Task copy = new Task(1).comes();
    copy.brings(0);
    one.brings(0);
    assertThat(copy.told()).isEqualTo("0L");
    zero.brings(0);
    assertThat(awaited()).containsExactly(0, 0);
    assertThat(open(SECOND)).isTrue();
    assertThat(one.told()).isEqualTo("01");
    zero.brings(1);
    one.brings(1);
    assertThat(awaited()).containsExactly(1, 1);
  }

  @Test
  void thoseWhoWaitLeaveWhileAReplicaHasNoSlotAndTheRoundIsDoneAllTheSame() throws Exception {
    open(FIRST);
    zero.comes().brings(0);
    zero.told();
    pass(Rendezvous.PATIENCE);
    assertThat(zero.told()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(zero.told()).isEqualTo("L");

    one.comes().brings(0);

    assertThat(one.told()).isEqualTo("0L");
    assertThat(awaited()).containsExactly(0, 0);
    assertThat(open(SECOND)).isFalse();
  }

  @Test
  void aSlowReplicaIsWaitedForAsLongAsItsTaskLives() throws Exception {
    open(FIRST);
    zero.comes().brings(0);
    one.comes();
    zero.told();
    pass(Duration.ofSeconds(3));
    assertThat(zero.told()).isEqualTo("W");
    assertThat(rendezvous.isDismissed()).isFalse();
    zero.brings(0); // it asks again
    one.brings(0);
    assertThat(awaited()).containsExactly(0, 0);
    assertThat(open(SECOND)).isTrue();
    assertThat(zero.told()).isEqualTo("1");
  }

  @Test
  void allLeaveWhenNoRoundComes() throws Exception {
    open(FIRST);
    zero.comes().brings(0);
    one.comes().brings(0);
    assertThat(awaited()).containsExactly(0, 0);
    pass(Rendezvous.PATIENCE);
    assertThat(rendezvous.isDismissed()).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(zero.told() + one.told()).isEqualTo("0L0L");
  }

  @Test
  void tasksThatFailForGoodEndTheRoundAndWhoComesLaterLeaves() {
    open(FIRST);
    zero.comes();
    rendezvous.end(new IllegalStateException("no luck"));
    assertThatThrownBy(this::awaited).hasMessage("no luck");
    assertThat(one.comes().told()).isEqualTo("L");
  }

  @Test
  void tasksThatEndWithoutTheRoundAreToldApart() throws Exception {
    open(FIRST);
    rendezvous.end(null);
    assertThat(awaited()).isNull();
  }

  @Test
  void whatIsAskedAndAnsweredTravels() {
    var home = new ByBlocks("driver", "host", 7, 42, 0);
    var next = new NextRound(3, home.at(17), new RoundRequest(2, 5));
    assertThat(NextRound.decode(next.encode(), home::at)).isEqualTo(next);
    assertThat(NextRound.decode(NextRound.LEAVE.encode(), home::at).isLeaving()).isTrue();
    assertThat(NextRound.decode(NextRound.WAIT.encode(), home::at)).isEqualTo(NextRound.WAIT);
    var done = new DoneRound(1, 2, 3, 4, new Reply.Diverged("the loss became NaN"));
    assertThat(DoneRound.decode(done.encode())).isEqualTo(done);
    assertThat(DoneRound.decode(DoneRound.none(1, 2).encode())).isEqualTo(DoneRound.none(1, 2));
  }
}
