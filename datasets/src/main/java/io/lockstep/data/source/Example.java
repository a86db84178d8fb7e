package io.lockstep.data.source;

import java.io.Serializable;

/**
 * One example as a program makes it: numbers, and the class or the numbers that belong to them.
 *
 * <p>No record, since Spark's Kryo cannot write those. Immutable by agreement: arrays are not
 * copied.
 */
public final class Example implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] features;
  private final String label;
  private final double[] targets;
  private final double weight;

  private Example(double[] features, String label, double[] targets, double weight) {
    this.features = features;
    this.label = label;
    this.targets = targets;
    this.weight = weight;
  }

  /**
   * An example of a class.
   *
   * @param features {@code [features]}
   */
  public static Example of(double[] features, String label) {
    return new Example(features, label, null, 1);
  }

  /**
   * An example with numbers to be predicted.
   *
   * @param features {@code [features]}
   * @param targets {@code [targets]}
   */
  public static Example of(double[] features, double... targets) {
    return new Example(features, null, targets, 1);
  }

  /** The same with a weight, which is 1 else; 0 or more. */
  public Example weighing(double other) {
    return new Example(features, label, targets, other);
  }

  /** What a network is given, {@code [features]}. */
  public double[] features() {
    return features;
  }

  /** Its class, null if it has numbers to be predicted. */
  public String label() {
    return label;
  }

  /** Numbers to be predicted, {@code [targets]}; null if it has a class. */
  public double[] targets() {
    return targets;
  }

  /** By which its loss is multiplied. */
  public double weight() {
    return weight;
  }
}
