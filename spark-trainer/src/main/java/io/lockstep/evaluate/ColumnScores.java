package io.lockstep.evaluate;

/**
 * How well one column of numbers is met.
 *
 * @param name of the column
 * @param mse mean squared error
 * @param mae mean absolute error
 * @param rmse root of the mean squared error
 * @param r2 coefficient of determination; NaN if all labels are equal
 */
public record ColumnScores(String name, double mse, double mae, double rmse, double r2) {}
