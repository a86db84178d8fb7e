package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.source.Settled;
import io.lockstep.model.layer.FeatureShape;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.model.layer.FeatureShape.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a network is given: all that its layers must know of the data before there is any.
 *
 * @param input what an example consists of; numbers, or ids of tokens if its type is INT32 and it
 *     is a sequence
 * @param vocabulary number of different ids, empty if the input is numbers or nobody knows
 * @param labelsPerStep whether each time step has a label of its own, and not the whole example
 */
public record NetworkInput(Field input, OptionalInt vocabulary, boolean labelsPerStep) {
  private static final String FEATURES = "features";

  public NetworkInput {
    if (vocabulary.isPresent() && vocabulary.getAsInt() < 1) {
      throw new IllegalArgumentException("a vocabulary of " + vocabulary.getAsInt());
    }
  }

  /** The first input and label of a source that was read. */
  public static NetworkInput of(Settled source) {
    return of(source.schema(), OptionalInt.empty());
  }

  /** The first input and label of {@code schema}. */
  public static NetworkInput of(Schema schema, OptionalInt vocabulary) {
    boolean perStep = !schema.labels().isEmpty() && schema.labels().get(0).sequence();
    return new NetworkInput(schema.inputs().get(0), vocabulary, perStep);
  }

  /**
   * Examples of one shape, with a label each.
   *
   * @param shape of one example, {@code [channels, height, width]} or {@code [features]}
   */
  public static NetworkInput fixed(int... shape) {
    Integer[] sizes = Arrays.stream(shape).boxed().toArray(Integer[]::new);
    return new NetworkInput(
        Field.of(FEATURES, ElementType.FLOAT32, sizes), OptionalInt.empty(), false);
  }

  /** Shape of one example, or of one time step if examples are sequences. */
  public List<Integer> shape() {
    return input.shape();
  }

  /** Whether a network that was made for one can be given the other: names do not matter. */
  public boolean isLike(NetworkInput other) {
    return shape().equals(other.shape())
        && input.sequence() == other.input.sequence()
        && isTokens() == other.isTokens()
        && labelsPerStep == other.labelsPerStep;
  }

  /** What it is, for a message: "examples of shape [1, 28, 28]". */
  public String described() {
    String what = input.sequence() ? "sequences of time steps" : "examples";
    String each = isTokens() ? "sequences of tokens" : what + " of shape " + shape();
    return each + (labelsPerStep ? ", each with a label" : "");
  }

  private boolean isTokens() {
    return input.sequence() && input.type() == ElementType.INT32 && input.width() == 1;
  }

  /**
   * The shape that the first layer gets.
   *
   * @throws InputException if no layer takes such
   */
  public FeatureShape features() {
    if (!input.sequence()) {
      return FeatureShape.of(shape().stream().mapToInt(Integer::intValue).toArray());
    }
    if (isTokens()) {
      return new Tokens(vocabulary.orElse(Tokens.UNKNOWN), Steps.UNKNOWN);
    }
    if (shape().size() > 1) {
      throw new InputException(
          "Sequences whose time steps have the shape "
              + shape()
              + " cannot be trained: a time step can only be one row, [features]");
    }
    return new Steps(input.width(), Steps.UNKNOWN);
  }
}
