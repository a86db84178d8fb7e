package io.lockstep.data.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.order.Deal.Arrangement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each example belongs to exactly one place, and each place holds exactly one example. */
class DealTest {
  private static final String[] GOLDEN_LAST_HELD_OUT = {
    "T1:1", "T0:5", "T1:4", "T0:3", "T1:3", "T2:3", "T1:0", "T2:4", "T0:1", "T2:2", "T0:0", "T2:0",
    "T1:2", "T0:2", "T0:4", "T2:1", "V0:0", "V0:1", "V1:0", "V2:0"
  };

  @ParameterizedTest
  @CsvSource({
    "1,0,1",
    "2,0,1",
    "2,0.4,1",
    "7,0,3",
    "10,0.1,4",
    "39,0,4",
    "100,0.33,7",
    "1000,0.1,16",
    "1003,0.25,5",
    "5,0,9"
  })
  void eachExampleIsDealtOnce(long examples, double validation, int replicas) {
    Deal deal = Deal.training(examples, validation, replicas, 42);
    Deal.Places places = deal.places();
    Set<Deal.Place> taken = new HashSet<>();
    for (long id = 0; id < examples; id++) {
      Deal.Place place = places.of(id);
      assertThat(place.row()).isBetween(0L, deal.count(place.part(), place.piece()) - 1);
      assertThat(places.id(place.part(), place.piece(), place.row())).isEqualTo(id);
      assertThat(taken.add(place)).isTrue();
    }
    assertThat(deal.count(Part.TRAINING) + deal.count(Part.VALIDATION)).isEqualTo(examples);
    for (int k = 0; k + 1 < replicas; k++) {
      assertThat(deal.count(Part.TRAINING, k) - deal.count(Part.TRAINING, k + 1)).isBetween(0L, 1L);
    }
  }

  @Test
  void theTestPartStaysInItsOrder() {
    Deal.Places places = Deal.test(10, 3).places();

    assertThat(places.of(0)).isEqualTo(new Deal.Place(Part.TEST, 0, 0));
    assertThat(places.of(4)).isEqualTo(new Deal.Place(Part.TEST, 1, 0));
    assertThat(places.of(9)).isEqualTo(new Deal.Place(Part.TEST, 2, 2));
    assertThat(places.id(Part.TEST, 2, 2)).isEqualTo(9);
  }

  /** A list of positions would take 800 GB; the deal takes what it takes for one example. */
  @Test
  void aHundredBillionExamplesAreDealtWithoutAList() {
    Deal deal = Deal.training(100_000_000_000L, 0.1, 64, 42);
    Deal.Places places = deal.places();
    for (long id = 0; id < deal.examples(); id += 999_999_937) {
      Deal.Place place = places.of(id);
      assertThat(places.id(place.part(), place.piece(), place.row())).isEqualTo(id);
    }
  }

  @Test
  void isStableForEver() {
    Deal.Places places = Deal.training(20, 0.2, 3, 42).places();
    assertThat(LongStream.range(0, 20).mapToObj(places::of).map(DealTest::brief))
        .containsExactly(
            "T1:4", "T1:0", "T0:4", "T1:3", "V2:0", "T0:2", "T2:2", "T0:3", "T2:0", "T2:4", "T1:2",
            "T2:1", "V0:1", "T1:1", "T0:1", "V0:0", "T0:5", "T2:3", "V1:0", "T0:0");
  }

  private static String brief(Deal.Place place) {
    return place.part().name().charAt(0) + "" + place.piece() + ":" + place.row();
  }

  /** Every count with every number of replicas and every number held out. */
  @Test
  void everySmallDealIsComplete() {
    for (long examples = 0; examples <= 24; examples++) {
      for (long held = 0; held <= examples; held++) {
        for (int replicas = 1; replicas <= 9; replicas++) {
          complete(new Deal(examples, held, replicas, examples + held, Arrangement.SHUFFLED, 1));
          complete(
              new Deal(examples, held, replicas, examples + held, Arrangement.LAST_HELD_OUT, 1));
          long tested = (examples - held) / 2;
          for (Arrangement each : List.of(Arrangement.SHUFFLED, Arrangement.LAST_HELD_OUT)) {
            complete(new Deal(examples, held, tested, replicas, examples, each, 1));
          }
          for (int lanes = 1; lanes <= 4; lanes++) {
            complete(new Deal(examples, held, replicas, 0, Arrangement.IN_ORDER, lanes));
            complete(new Deal(examples, held, tested, replicas, 0, Arrangement.IN_ORDER, lanes));
            complete(Deal.test(examples, replicas, lanes));
          }
        }
      }
    }
  }

  private static void complete(Deal deal) {
    Deal.Places places = deal.places();
    Set<Deal.Place> taken = new HashSet<>();
    for (long id = 0; id < deal.examples(); id++) {
      Deal.Place place = places.of(id);
      assertThat(place.row()).isBetween(0L, deal.count(place.part(), place.piece()) - 1);
      assertThat(places.id(place.part(), place.piece(), place.row())).isEqualTo(id);
      taken.add(place);
    }
    assertThat(taken).hasSize((int) deal.examples());
    for (Part part : Part.values()) {
      long sum = 0;
      for (int piece = 0; piece < deal.pieces(); piece++) {
        sum += deal.count(part, piece);
      }
      assertThat(sum).isEqualTo(deal.count(part));
    }
  }

  /** 16 trained on 2 replicas in 3 streams each: 0-2 3-5 6-7, 8-10 11-13 14-15. */
  @Test
  void streamsAreContiguousAndTrainedSideBySide() {
    Deal.Places places = Deal.training(20, 0.2, 0, 2, 42, Arrangement.IN_ORDER, 3).places();

    assertThat(ids(places, Part.TRAINING, 0, 8)).containsExactly(0, 3, 6, 1, 4, 7, 2, 5);
    assertThat(ids(places, Part.TRAINING, 1, 8)).containsExactly(8, 11, 14, 9, 12, 15, 10, 13);
    assertThat(ids(places, Part.VALIDATION, 0, 2)).containsExactly(16, 17);
    assertThat(ids(places, Part.VALIDATION, 1, 2)).containsExactly(18, 19);
  }

  @Test
  void theLastAreHeldOutWhereOrderMeansSomething() {
    Deal.Places places = Deal.training(20, 0.2, 0, 3, 42, Arrangement.LAST_HELD_OUT, 1).places();

    assertThat(LongStream.range(0, 20).mapToObj(places::of).map(DealTest::brief))
        .containsExactly(GOLDEN_LAST_HELD_OUT);
  }

  @Test
  void aTestThatIsHeldOutIsTheSameWhateverValidationIs() {
    Deal.Places alone = Deal.training(50, 0, 0.2, 3, 42, Arrangement.SHUFFLED, 1).places();
    Deal.Places beside = Deal.training(50, 0.3, 0.2, 3, 42, Arrangement.SHUFFLED, 1).places();

    for (long id = 0; id < 50; id++) {
      boolean tested = alone.of(id).part() == Part.TEST;
      assertThat(beside.of(id).part() == Part.TEST).isEqualTo(tested);
    }
    assertThat(ids(beside, Part.TEST, 0, 4)).isEqualTo(ids(alone, Part.TEST, 0, 4));
  }

  @Test
  void aTestOfTheLastComesAfterValidation() {
    Deal.Places places = Deal.training(20, 0.2, 0.1, 2, 42, Arrangement.LAST_HELD_OUT, 1).places();

    assertThat(ids(places, Part.VALIDATION, 0, 2)).containsExactly(14, 15);
    assertThat(ids(places, Part.VALIDATION, 1, 2)).containsExactly(16, 17);
    assertThat(ids(places, Part.TEST, 0, 1)).containsExactly(18);
    assertThat(ids(places, Part.TEST, 1, 1)).containsExactly(19);
  }

  private static int[] ids(Deal.Places places, Part part, int piece, int rows) {
    return LongStream.range(0, rows).mapToInt(row -> (int) places.id(part, piece, row)).toArray();
  }

  @Test
  void heldOutIsRoundedButNeverNothing() {
    assertThat(Deal.training(10, 0.25, 1, 1).held()).isEqualTo(3);
    assertThat(Deal.training(10, 0.001, 1, 1).held()).isEqualTo(1);
    assertThatThrownBy(() -> Deal.training(1, 0.1, 1, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Nothing left to train");
    assertThatThrownBy(() -> Deal.training(4, 0.5, 0.5, 1, 1, Arrangement.SHUFFLED, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 would be held out as a test");
  }
}
