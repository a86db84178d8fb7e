package io.lockstep.evaluate;

import java.util.List;

/**
 * Above which output an example is a yes.
 *
 * @param value an output above it is a yes
 * @param worth what was best there
 */
public record Threshold(float value, double worth) {
  /** What a threshold is to make best. */
  public enum Goal {
    /** {@link Metric#F1} of yes. */
    BEST_F1(Metric.F1),
    /** {@link Metric#BALANCED_ACCURACY}; also Youden's. */
    BEST_BALANCED_ACCURACY(Metric.BALANCED_ACCURACY),
    /** {@link Metric#MCC}. */
    BEST_MCC(Metric.MCC);

    private final Metric metric;

    Goal(Metric metric) {
      this.metric = metric;
    }

    /** What is best at the threshold. */
    public Metric metric() {
      return metric;
    }

    private double of(double hits, double falseAlarms, double positives, double negatives) {
      if (this == BEST_F1) {
        return 2 * hits / (hits + falseAlarms + positives);
      }
      List<Counts> both =
          List.of(
              new Counts(
                  negatives - falseAlarms,
                  positives + negatives - hits - falseAlarms,
                  negatives,
                  0),
              new Counts(hits, hits + falseAlarms, positives, 0));
      return this == BEST_MCC ? Balance.correlation(both) : Balance.accuracy(both);
    }
  }

  /** Looks at each threshold between two neighbouring scores, from the highest down. */
  static final class Search implements Scores.Descent {
    private final Goal goal;
    private final double positives;
    private final double negatives;
    private double hits;
    private double falseAlarms;
    private float last = Float.NaN;
    private Threshold best;

    /**
     * @param positives weight of all that are yes
     * @param negatives weight of all that are no
     */
    Search(Goal goal, double positives, double negatives) {
      this.goal = goal;
      this.positives = positives;
      this.negatives = negatives;
    }

    @Override
    public void add(float lowest, float highest, double yes, double no) {
      consider(highest);
      hits += yes;
      falseAlarms += no;
      last = lowest;
    }

    /** The best; null if there is none. Of equally good ones it is the one nearest to one half. */
    Threshold best() {
      if (last > 0) {
        consider(0);
      }
      return best;
    }

    /** A threshold from {@code lower} up to the score before it: all from that on are yes. */
    private void consider(float lower) {
      if (Float.isNaN(last)) {
        return;
      }
      double worth = goal.of(hits, falseAlarms, positives, negatives);
      float middle = (float) (((double) lower + last) / 2);
      var here = new Threshold(middle < last ? middle : lower, worth);
      if (!Double.isNaN(worth) && (best == null || here.isBetterThan(best))) {
        best = here;
      }
    }
  }

  private boolean isBetterThan(Threshold other) {
    return worth > other.worth
        || (worth == other.worth && Math.abs(value - 0.5f) < Math.abs(other.value - 0.5f));
  }
}
