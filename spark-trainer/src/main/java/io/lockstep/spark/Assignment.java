package io.lockstep.spark;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who works on which piece: spread over all executors as evenly as their slots allow, and no piece
 * moves that need not. A pure function.
 */
final class Assignment {
  private final SortedMap<String, Integer> slots;
  private final String[] before;

  /**
   * @param before executor of each piece so far, null where there is none
   * @param slots tasks that each executor runs at once, all positive
   */
  private Assignment(String[] before, SortedMap<String, Integer> slots) {
    this.before = before;
    this.slots = slots;
  }

  /**
   * The executor of each piece, null if there are no executors.
   *
   * @param before the same so far
   * @param slots tasks that each executor that is there now runs at once, all positive
   */
  static String[] next(String[] before, SortedMap<String, Integer> slots) {
    return slots.isEmpty() ? new String[before.length] : new Assignment(before, slots).next();
  }

  private String[] next() {
    Map<String, Integer> shares = shares();
    String[] next = new String[before.length];
    for (int piece = 0; piece < next.length; piece++) {
      int left = before[piece] == null ? 0 : shares.getOrDefault(before[piece], 0);
      if (left > 0) {
        next[piece] = before[piece];
        shares.put(before[piece], left - 1);
      }
    }
    for (int piece = 0; piece < next.length; piece++) {
      if (next[piece] == null) {
        String executor =
            slots.keySet().stream()
                .filter(each -> shares.get(each) > 0)
                .max(
                    Comparator.comparingDouble(each -> (double) shares.get(each) / slots.get(each)))
                .orElseThrow();
        next[piece] = executor;
        shares.merge(executor, -1, Integer::sum);
      }
    }
    return next;
  }

  /** Number of pieces for each executor; who has more already gets what does not divide. */
  private Map<String, Integer> shares() {
    Map<String, Long> held = new TreeMap<>();
    slots.keySet().forEach(e -> held.put(e, Arrays.stream(before).filter(e::equals).count()));
    Map<String, Integer> shares = new TreeMap<>();
    slots.keySet().forEach(executor -> shares.put(executor, 0));
    Comparator<String> fullest =
        Comparator.comparingDouble(each -> (shares.get(each) + 1.0) / slots.get(each));
    for (int piece = 0; piece < before.length; piece++) {
      String next =
          slots.keySet().stream()
              .min(fullest.thenComparingLong(each -> shares.get(each) - held.get(each)))
              .orElseThrow();
      shares.merge(next, 1, Integer::sum);
    }
    return shares;
  }
}
