package io.lockstep.evaluate;

/**
 * The areas under the receiver operating characteristic and the precision-recall curve, summed up
 * while scores come in descending order, those that are equal together.
 */
final class Curves implements Scores.Descent {
  private final double positives;
  private final double negatives;

  // Twice the area in units of one positive times one negative: whole numbers where all examples
  // count 1, as long as 53 bits hold them exact.
  private double doubledArea;
  private double recallArea;
  private double averagePrecision;
  private double truePositives;
  private double falsePositives;
  private double lastRecall;
  private double lastPrecision = 1;

  /**
   * @param positives weight of all that are yes
   * @param negatives weight of all that are no
   */
  Curves(double positives, double negatives) {
    this.positives = positives;
    this.negatives = negatives;
  }

  /** Adds the examples of the next lower score. */
  @Override
  public void add(float lowest, float highest, double yes, double no) {
    doubledArea += no * (2.0 * truePositives + yes);
    truePositives += yes;
    falsePositives += no;
    double recall = truePositives / positives;
    double precision = truePositives / (truePositives + falsePositives);
    recallArea += (recall - lastRecall) * (precision + lastPrecision) / 2;
    averagePrecision += (recall - lastRecall) * precision;
    lastRecall = recall;
    lastPrecision = precision;
  }

  Scores.Areas areas() {
    return new Scores.Areas(
        doubledArea / (2 * (positives * negatives)),
        positives == 0 ? Double.NaN : recallArea,
        positives == 0 ? Double.NaN : averagePrecision);
  }
}
