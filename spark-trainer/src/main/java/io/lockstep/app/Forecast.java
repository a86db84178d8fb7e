package io.lockstep.app;

import java.util.List;

/**
 * What a model foretells of one series, in the units of the data.
 *
 * @param series its name; the file's if each file is a series
 * @param targets names of what is foretold
 * @param past the window that the model was given, {@code [window][targets]}
 * @param pastTimes times of the window's rows, as the data has them
 * @param values the forecast, {@code [horizon][targets]}
 * @param times of its steps, written as the data has them; empty texts if it has none
 * @param truth what really came, {@code [horizon][targets]}; NaN where the data does not say
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Forecast(
    String series,
    List<String> targets,
    double[][] past,
    List<String> pastTimes,
    double[][] values,
    List<String> times,
    double[][] truth) {
  public Forecast {
    targets = List.copyOf(targets);
    pastTimes = List.copyOf(pastTimes);
    times = List.copyOf(times);
  }
}
