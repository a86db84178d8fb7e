/**
 * Tables: the rows of CSV files, and of whatever else has rows and columns, as examples.
 *
 * <p>{@link io.lockstep.data.source.csv.CsvRows} cuts bytes into rows for every source that reads
 * delimited text.
 */
package io.lockstep.data.source.csv;
