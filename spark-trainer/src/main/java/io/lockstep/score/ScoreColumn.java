package io.lockstep.score;

import java.io.Serializable;

/**
 * A column of scores.
 *
 * @param name of it
 * @param kind of its values
 * @param perStep whether it holds a value for each time step of the example
 */
public record ScoreColumn(String name, Kind kind, boolean perStep) implements Serializable {
  /** What a value is. */
  public enum Kind {
    /** A String. */
    TEXT,
    /** A Float: what networks compute with. */
    NUMBER,
    /** A Double. */
    DOUBLE,
    /** An array of floats. */
    VECTOR
  }
}
