package io.lockstep.evaluate;

/**
 * The areas under the receiver operating characteristic and the precision-recall curve, summed up
 * while scores come in descending order, those that are equal together.
 */
final class Curves {
  private final double positives;
  private final double negatives;

  // Twice the area in units of one positive times one negative: whole numbers, as long as 53 bits
  // hold them exact.
  private double doubledArea;
  private double recallArea;
  private long truePositives;
  private long falsePositives;
  private double lastRecall;
  private double lastPrecision = 1;

  Curves(long positives, long negatives) {
    this.positives = positives;
    this.negatives = negatives;
  }

  /** Adds the examples of the next lower score. */
  void add(long yes, long no) {
    doubledArea += (double) no * (2.0 * truePositives + yes);
    truePositives += yes;
    falsePositives += no;
    double recall = truePositives / positives;
    double precision = truePositives / (double) (truePositives + falsePositives);
    recallArea += (recall - lastRecall) * (precision + lastPrecision) / 2;
    lastRecall = recall;
    lastPrecision = precision;
  }

  Scores.Areas areas() {
    return new Scores.Areas(
        doubledArea / (2 * (positives * negatives)), positives == 0 ? Double.NaN : recallArea);
  }
}
