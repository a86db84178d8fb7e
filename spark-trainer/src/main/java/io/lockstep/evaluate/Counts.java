package io.lockstep.evaluate;

/**
 * The counts of one class or yes-no column.
 *
 * @param hits of the class and predicted to be
 * @param predicted to be of the class
 * @param actual of the class
 */
record Counts(long hits, long predicted, long actual) {
  ClassScores scores(String name) {
    double precision = predicted == 0 ? 0 : hits / (double) predicted;
    double recall = actual == 0 ? 0 : hits / (double) actual;
    double f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
    return new ClassScores(name, actual, precision, recall, f1);
  }
}
