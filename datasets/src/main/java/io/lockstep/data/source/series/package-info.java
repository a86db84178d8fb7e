/** Series in windows and labelled sequences, from long form, a file for each, or one table. */
package io.lockstep.data.source.series;
