package io.lockstep.score;

/** The classes with the highest values; of equal ones the first counts as higher. */
final class TopClasses {
  private TopClasses() {}

  /** The first of the highest values, as metrics have it. */
  static int highest(float[] values, int from, int width) {
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The class of the {@code place}-th highest value, counted from 1: the one that as many others
   * are higher than.
   */
  static int at(float[] values, int from, int width, int place) {
    int last = -1;
    for (int i = 0; i < place; i++) {
      int best = -1;
      for (int j = 0; j < width; j++) {
        boolean below = last < 0 || isBelow(values, from, j, last);
        if (below && (best < 0 || values[from + j] > values[from + best])) {
          best = j;
        }
      }
      last = best;
    }
    return last;
  }

  private static boolean isBelow(float[] values, int from, int one, int other) {
    float own = values[from + one];
    float its = values[from + other];
    return own < its || (own == its && one > other);
  }
}
