package io.lockstep.evaluate;

import java.util.List;

/** Figures that many examples of one class cannot make look good. */
final class Balance {
  private Balance() {}

  /** Mean recall of the classes that have examples; NaN if there are none. */
  static double accuracy(List<Counts> classes) {
    var recall = new Mean();
    for (Counts each : classes) {
      if (each.actual() > 0) {
        recall.add(each.hits() / each.actual());
      }
    }
    return recall.value();
  }

  /**
   * Matthews' correlation between classes and predictions, of any number of classes: J. Gorodkin,
   * "Comparing two K-category assignments by a K-category correlation coefficient", Computational
   * Biology and Chemistry 28, 2004. NaN if all examples, or all predictions, are of one class.
   */
  static double correlation(List<Counts> classes) {
    double total = 0;
    double right = 0;
    for (Counts each : classes) {
      total += each.actual();
      right += each.hits();
    }
    // Shares in place of counts: their products stay far from the end of doubles' digits.
    double byChance = 0;
    double predictions = 0;
    double labels = 0;
    for (Counts each : classes) {
      double predicted = each.predicted() / total;
      double actual = each.actual() / total;
      byChance += predicted * actual;
      predictions += predicted * (1 - predicted);
      labels += actual * (1 - actual);
    }
    return predictions > 0 && labels > 0
        ? (right / total - byChance) / Math.sqrt(predictions * labels)
        : Double.NaN;
  }
}
