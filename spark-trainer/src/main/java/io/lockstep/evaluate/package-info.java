/**
 * How good a network is: metrics as mergeable tallies, and the results made of them.
 *
 * <p>Belongs here: tallies of outputs against labels with their byte layout, the metrics computed
 * from them (the same numbers as DL4J's {@code Evaluation}, {@code EvaluationBinary}, {@code ROC}
 * and {@code RegressionEvaluation} on one machine), and how results print. Must not come here:
 * Spark and DL4J networks: the engines run the forward passes, piece by piece, and merge the
 * tallies in the order of the pieces.
 */
package io.lockstep.evaluate;
