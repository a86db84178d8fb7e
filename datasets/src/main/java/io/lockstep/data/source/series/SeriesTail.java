package io.lockstep.data.source.series;

import java.util.List;

/**
 * What a forecast of one series begins with.
 *
 * @param series its name
 * @param inputs what a network is given, {@code [steps * width]}, not normalised
 * @param pastTimes of the window's rows, as they are written; empty texts where there are no times
 * @param past values of the targets in the window, {@code [window][targets]}
 * @param times of the steps that are foretold
 * @param truth values of the targets in these steps as far as the data has them, {@code
 *     [steps][targets]}; a value that is missing is NaN
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SeriesTail(
    String series,
    double[] inputs,
    List<String> pastTimes,
    double[][] past,
    List<String> times,
    double[][] truth) {
  public SeriesTail {
    pastTimes = List.copyOf(pastTimes);
    times = List.copyOf(times);
  }
}
