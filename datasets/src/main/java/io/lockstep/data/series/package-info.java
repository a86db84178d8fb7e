/**
 * What series are: which columns, windows and parts they have, and what lies between two times.
 *
 * <p>Must not come here: how their files are read; that is {@code source.series}.
 */
package io.lockstep.data.series;
