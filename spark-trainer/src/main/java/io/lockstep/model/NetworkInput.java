package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.source.Settled;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.model.layer.FeatureShape;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.model.layer.FeatureShape.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a network is given: all that its layers must know of the data before there is any.
 *
 * @param inputs what an example consists of; each numbers, or ids of tokens if its type is INT32
 *     and it is a sequence
 * @param vocabulary number of different ids, empty if the input is numbers or nobody knows
 * @param perStep of each output, whether each time step has a label of its own, and not the whole
 *     example
 */
public record NetworkInput(List<Field> inputs, OptionalInt vocabulary, List<Boolean> perStep) {
  private static final String FEATURES = "features";

  public NetworkInput {
    inputs = List.copyOf(inputs);
    perStep = List.copyOf(perStep);
    if (vocabulary.isPresent() && vocabulary.getAsInt() < 1) {
      throw new IllegalArgumentException("a vocabulary of " + vocabulary.getAsInt());
    }
    if (inputs.isEmpty() || perStep.isEmpty()) {
      throw new IllegalArgumentException("no inputs or no outputs");
    }
  }

  /** One input for one output. */
  public NetworkInput(Field input, OptionalInt vocabulary, boolean labelsPerStep) {
    this(List.of(input), vocabulary, List.of(labelsPerStep));
  }

  /** The inputs and labels of a source that was read. */
  public static NetworkInput of(Settled source) {
    return of(source.schema(), OptionalInt.empty());
  }

  /** The inputs and labels of examples as they are dealt. */
  public static NetworkInput of(Exchange data) {
    return of(data.schema(), data.vocabulary().stream().mapToInt(Vocabulary::size).findFirst());
  }

  /** The inputs and labels of {@code schema}; one that has no labels is for one output. */
  public static NetworkInput of(Schema schema, OptionalInt vocabulary) {
    List<Boolean> perStep = schema.labels().stream().map(Field::sequence).toList();
    return new NetworkInput(
        schema.inputs(), vocabulary, perStep.isEmpty() ? List.of(false) : perStep);
  }

  /** The first input, the only one of most networks. */
  public Field input() {
    return inputs.get(0);
  }

  /** Whether the first output has a label for each time step. */
  public boolean labelsPerStep() {
    return perStep.get(0);
  }

  /** Whether the label of each step of a text is a token, and not what kind of token it is. */
  public boolean foretells(Labels labels) {
    return isTokens(input())
        && labelsPerStep()
        && labels instanceof Labels.Classes classes
        && vocabulary.equals(OptionalInt.of(classes.names().size()));
  }

  /** Whether there are several inputs or outputs, which a network must call by the same names. */
  public boolean isSeveral() {
    return inputs.size() > 1 || perStep.size() > 1;
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

  /** Shape of the first input of one example, or of one of its time steps. */
  public List<Integer> shape() {
    return input().shape();
  }

  /**
   * Whether a network that was made for one can be given the other: names matter only where there
   * are several.
   */
  public boolean isLike(NetworkInput other) {
    boolean alike = inputs.size() == other.inputs.size() && perStep.equals(other.perStep);
    for (int i = 0; alike && i < inputs.size(); i++) {
      Field own = inputs.get(i);
      Field their = other.inputs.get(i);
      alike =
          own.shape().equals(their.shape())
              && own.sequence() == their.sequence()
              && isTokens(own) == isTokens(their)
              && (inputs.size() == 1 || own.name().equals(their.name()));
    }
    return alike;
  }

  /** What it is, for a message: "examples of shape [1, 28, 28]". */
  public String described() {
    String what =
        inputs.size() == 1
            ? described(input())
            : inputs.stream()
                .map(it -> it.name() + ": " + described(it))
                .collect(Collectors.joining("; "));
    if (perStep.size() > 1) {
      return what + " with labels for %d outputs".formatted(perStep.size());
    }
    return what + (labelsPerStep() ? ", each with a label" : "");
  }

  private static String described(Field input) {
    String what = input.sequence() ? "sequences of time steps" : "examples";
    return isTokens(input) ? "sequences of tokens" : what + " of shape " + input.shape();
  }

  private static boolean isTokens(Field input) {
    return input.sequence() && input.type() == ElementType.INT32 && input.width() == 1;
  }

  /**
   * The shape that the first layer gets.
   *
   * @throws InputException if no layer takes such
   */
  public FeatureShape features() {
    return features(input());
  }

  /**
   * The shape that the layers get that take the input {@code input}.
   *
   * @throws InputException if no layer takes such
   */
  FeatureShape features(Field input) {
    List<Integer> shape = input.shape();
    if (!input.sequence()) {
      return FeatureShape.of(shape.stream().mapToInt(Integer::intValue).toArray());
    }
    if (isTokens(input)) {
      return new Tokens(vocabulary.orElse(Tokens.UNKNOWN), Steps.UNKNOWN);
    }
    if (shape.size() > 1) {
      throw new InputException(
          "Sequences whose time steps have the shape "
              + shape
              + " cannot be trained: a time step can only be one row, [features]");
    }
    return new Steps(input.width(), Steps.UNKNOWN);
  }
}
