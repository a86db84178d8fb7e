package io.lockstep.evaluate;

/**
 * The counts of one class or yes-no column, each example counted by its weight.
 *
 * @param hits of the class and predicted to be
 * @param predicted to be of the class
 * @param actual of the class
 * @param examples of the class, whatever they weigh
 */
record Counts(double hits, double predicted, double actual, long examples) {
  ClassScores scores(String name) {
    double precision = predicted == 0 ? 0 : hits / predicted;
    double recall = actual == 0 ? 0 : hits / actual;
    double f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
    return new ClassScores(name, examples, precision, recall, f1);
  }
}
