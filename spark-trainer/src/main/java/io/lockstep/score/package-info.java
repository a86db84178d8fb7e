/**
 * What a trained network says of examples, as rows of columns that people can read.
 *
 * <p>Belongs here: which columns come out of the outputs of a network and its model card, what
 * stands in them, and how raw examples become rows, block by block. Must not come here: Spark,
 * which runs it over splits and writes the rows.
 */
package io.lockstep.score;
