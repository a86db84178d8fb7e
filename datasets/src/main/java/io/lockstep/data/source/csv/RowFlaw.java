package io.lockstep.data.source.csv;

import io.lockstep.data.source.Fault;

/**
 * What is wrong with a row.
 *
 * @param column it is in; -1 for none
 * @param fault of the row; null if it is not the fault of this row alone
 * @param message a sentence or two, with the remedy
 */
record RowFlaw(int column, Fault fault, String message) {}
