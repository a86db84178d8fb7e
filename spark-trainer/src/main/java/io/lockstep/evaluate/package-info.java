/**
 * How good a network is: metrics as mergeable tallies, and the results made of them.
 *
 * <p>Belongs here: tallies of outputs against labels with their byte layout, the metrics computed
 * from them (the same numbers as DL4J's {@code Evaluation}, {@code EvaluationBinary}, {@code ROC}
 * and {@code RegressionEvaluation} on one machine), and how results print. Must not come here:
 * Spark (the engines distribute, partition by partition, and merge in partition order) and DL4J
 * networks (a {@code Replica} is all that is known of them).
 */
package io.lockstep.evaluate;
