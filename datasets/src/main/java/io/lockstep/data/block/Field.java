package io.lockstep.data.block;

import java.io.Serializable;
import java.util.List;

/**
 * One named tensor that every example has.
 *
 * @param name unique among inputs and labels of a schema
 * @param type of its values
 * @param shape of one example, or of one time step if it is a sequence; empty for a single value
 * @param sequence whether examples have a number of time steps of their own
 */
public record Field(String name, ElementType type, List<Integer> shape, boolean sequence)
    implements Serializable {
  /** The most dimensions that a shape has. */
  static final int MAX_RANK = 8;

  public Field {
    shape = List.copyOf(shape);
    long width = 1;
    for (int extent : shape) {
      width *= Math.max(0, extent);
      if (width < 1 || width > Integer.MAX_VALUE || shape.size() > MAX_RANK) {
        throw new IllegalArgumentException("not a shape: " + shape);
      }
    }
  }

  /** A field of one shape for all examples. */
  public static Field of(String name, ElementType type, Integer... shape) {
    return new Field(name, type, List.of(shape), false);
  }

  /** A field whose examples differ in their number of time steps, each of {@code shape}. */
  public static Field sequence(String name, ElementType type, Integer... shape) {
    return new Field(name, type, List.of(shape), true);
  }

  /** Values of one example, or of one time step. */
  public int width() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The same field with values of another type. */
  public Field as(ElementType other) {
    return new Field(name, other, shape, sequence);
  }

  @Override
  public String toString() {
    return name + " " + type + shape + (sequence ? " per step" : "");
  }
}
