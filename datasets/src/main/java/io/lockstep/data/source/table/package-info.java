/**
 * Tables that lie in a form which only an engine can read, such as Parquet: what is said of them,
 * and the seam behind which they are opened. Knows no engine.
 */
package io.lockstep.data.source.table;
