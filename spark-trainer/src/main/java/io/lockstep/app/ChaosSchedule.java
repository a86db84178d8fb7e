package io.lockstep.app;

import io.lockstep.data.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which fault happens in which round to which replica: a pure function of a seed and of the numbers
 * of faults, rounds and replicas.
 *
 * <p>Rounds after the first are cut into as many stretches as there are faults, and each fault gets
 * a round of its own stretch, so that what one costs can be told from what the next does.
 */
final class ChaosSchedule {
  private ChaosSchedule() {}

  /**
   * A fault at its place.
   *
   * @param round counted from 0, over all epochs
   * @param replica to whose work it happens
   * @param moment of the round's time after which it happens, where it can be chosen: [0, 1)
   */
  record Placed(ChaosFault fault, int round, int replica, double moment) {}

  /**
   * As many faults as asked for, each kind before any comes again.
   *
   * @param kinds to draw from
   */
  static List<ChaosFault> draw(long seed, int count, List<ChaosFault> kinds) {
    var random = new Random(seed);
    List<ChaosFault> drawn = new ArrayList<>();
    while (drawn.size() < count) {
      List<ChaosFault> deck = new ArrayList<>(kinds);
      Collections.shuffle(deck, random);
      drawn.addAll(deck.subList(0, Math.min(deck.size(), count - drawn.size())));
    }
    return drawn;
  }

  /**
   * Places faults, in their order but for the driver's deaths, which come first: who resumes the
   * run after the last of them sees it to its end.
   *
   * @throws InputException if there are not as many rounds
   */
  static List<Placed> place(long seed, List<ChaosFault> faults, long rounds, int replicas) {
    if (faults.size() > rounds - 1) {
      throw new InputException(
          """
          %d faults need as many rounds after the first, and this plan has %d rounds in all: ask \
          for fewer --faults, or for more rounds, such as --set training.epochs=%d times as many.\
          """
              .formatted(faults.size(), rounds, faults.size() / rounds + 1));
    }
    List<ChaosFault> inOrder = new ArrayList<>(faults);
    inOrder.sort(Comparator.comparing(it -> it != ChaosFault.DRIVER)); // stable
    var random = new Random(seed);
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < inOrder.size(); i++) {
      int from = Math.toIntExact(1 + i * (rounds - 1) / inOrder.size());
      int to = Math.toIntExact(1 + (i + 1) * (rounds - 1) / inOrder.size());
      placed.add(
          new Placed(
              inOrder.get(i),
              from + random.nextInt(to - from),
              random.nextInt(replicas),
              random.nextDouble()));
    }
    return placed;
  }
}
