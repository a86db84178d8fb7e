package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pieces are spread evenly over the executors there are, and stay where they are if they can. */
class AssignmentTest {
  @Test
  void eachGetsItsShare() {
    assertThat(next("- - - -", Map.of("1", 1, "2", 1))).isEqualTo("1 2 1 2");
    assertThat(next("- - -", Map.of("1", 4))).isEqualTo("1 1 1");
    assertThat(next("-", Map.of("1", 1, "2", 1))).isEqualTo("1");
  }

  @Test
  void whoHasMoreSlotsGetsMore() {
    assertThat(next("- - - -", Map.of("1", 3, "2", 1))).isEqualTo("1 2 1 1");
  }

  @Test
  void whoComesTakesOverAsFewAsMakeItEven() {
    assertThat(next("1 1 1 1", Map.of("1", 1, "2", 1))).isEqualTo("1 1 2 2");
    assertThat(next("1 2 1 2 1", Map.of("1", 1, "2", 1, "3", 1))).isEqualTo("1 2 1 2 3");
  }

  @Test
  void piecesOfWhoIsGoneGoToOthersAndNoneElseMoves() {
    assertThat(next("1 2 3 1 2 3", Map.of("1", 1, "3", 1))).isEqualTo("1 1 3 1 3 3");
  }

  @Test
  void whatDoesNotDivideStaysWhereItIs() {
    assertThat(next("2 1 2", Map.of("1", 1, "2", 1))).isEqualTo("2 1 2");
  }

  @Test
  void withoutExecutorsPiecesAreNowhere() {
    assertThat(next("1 2", Map.of())).isEqualTo("- -");
  }

  @Test
  void whateverComesAndGoesItIsEvenAndNothingMovesInVain() {
    var random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      String[] before = new String[1 + random.nextInt(12)];
      for (int change = 0; change < 10; change++) {
        SortedMap<String, Integer> slots = new TreeMap<>();
        for (int executor = 0; executor < 5; executor++) {
          if (random.nextBoolean()) {
            slots.put("e" + executor, 1 + random.nextInt(3));
          }
        }
        String[] next = Assignment.next(before, slots);
        if (!slots.isEmpty()) {
          assertEven(next, slots);
          assertNothingMovedInVain(before, next, slots);
        }
        before = next;
      }
    }
  }

  /** With one piece more, no executor would be less full than one is now. */
  private static void assertEven(String[] next, Map<String, Integer> slots) {
    double fullest =
        slots.keySet().stream()
            .mapToDouble(each -> (double) count(next, each) / slots.get(each))
            .max()
            .orElseThrow();
    assertThat(slots.keySet())
        .allSatisfy(
            each ->
                assertThat((count(next, each) + 1.0) / slots.get(each))
                    .isGreaterThanOrEqualTo(fullest));
  }

  private static void assertNothingMovedInVain(
      String[] before, String[] next, Map<String, Integer> slots) {
    for (String executor : slots.keySet()) {
      long kept = 0;
      for (int piece = 0; piece < next.length; piece++) {
        if (executor.equals(before[piece]) && executor.equals(next[piece])) {
          kept++;
        }
      }
      assertThat(kept).isEqualTo(Math.min(count(before, executor), count(next, executor)));
    }
  }

  private static long count(String[] executors, String one) {
    return Arrays.stream(executors).filter(one::equals).count();
  }

  /** Executors of the pieces, separated by spaces, none as a dash. */
  private static String next(String before, Map<String, Integer> slots) {
    String[] executors =
        Arrays.stream(before.split(" ")).map(e -> e.equals("-") ? null : e).toArray(String[]::new);
    return String.join(
        " ",
        Arrays.stream(Assignment.next(executors, new TreeMap<>(slots)))
            .map(e -> Objects.requireNonNullElse(e, "-"))
            .toList());
  }
}
