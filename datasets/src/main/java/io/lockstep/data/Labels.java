package io.lockstep.data;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the labels of a source are: one class of several, numbers to be predicted, or several of
 * these, each for an output of its own.
 */
public sealed interface Labels extends Serializable {
  /** Number of classes, numbers per example, or outputs. */
  int width();

  /** Names of the classes, of the numbers or of the outputs, {@code [width]}. */
  List<String> names();

  /** The labels of each output; these alone if there is one. */
  default List<Labels> each() {
    return List.of(this);
  }

  /**
   * Returns the width of the label rows for a network with {@code outputs} output values.
   *
   * @throws InputException if such a network cannot learn these labels
   */
  int widthFor(int outputs);

  /**
   * Each example is of exactly one class; a label is the position of its class in {@code names}.
   *
   * @param names in label order, at least one
   */
  record Classes(List<String> names) implements Labels {
    public Classes {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("no classes");
      }
    }

    /** Returns {@code count} classes named by their numbers, from 0. */
    public static Classes numbered(int count) {
      return new Classes(IntStream.range(0, count).mapToObj(String::valueOf).toList());
    }

    @Override
    public int width() {
      return names.size();
    }

    /** One output per class; or, for two classes, a single output for the second. */
    @Override
    public int widthFor(int outputs) {
      if (outputs == names.size() || (outputs == 1 && names.size() == 2)) {
        return outputs;
      }
      throw new InputException(
          String.format(
              Locale.ROOT,
              "The model has %,d output(s) but the data %,d classes (%s). Give its last layer %s.",
              outputs,
              names.size(),
              abbreviate(names),
              names.size() == 2
                  ? "1 unit with sigmoid, or 2 with softmax"
                  : names.size() + " units"));
    }
  }

  /**
   * Each example has one or several numbers to be predicted.
   *
   * @param names in column order, at least one
   */
  record Targets(List<String> names) implements Labels {
    public Targets {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("no targets");
      }
    }

    @Override
    public int width() {
      return names.size();
    }

    @Override
    public int widthFor(int outputs) {
      if (outputs == names.size()) {
        return outputs;
      }
      throw new InputException(
          String.format(
              Locale.ROOT,
              "The model has %,d output(s) but the data %,d label column(s) (%s). Give its last"
                  + " layer %d unit(s).",
              outputs,
              names.size(),
              abbreviate(names),
              names.size()));
    }
  }

  /**
   * Each example has labels for several outputs of a network.
   *
   * @param names of the outputs, all different
   * @param each labels of each of them, which are no {@code Several}
   */
  record Several(List<String> names, List<Labels> each) implements Labels {
    public Several {
      names = List.copyOf(names);
      each = List.copyOf(each);
      if (names.isEmpty()
          || names.size() != each.size()
          || names.stream().distinct().count() < names.size()
          || each.stream().anyMatch(Several.class::isInstance)) {
        throw new IllegalArgumentException("outputs " + names + " with " + each);
      }
    }

    @Override
    public int width() {
      return names.size();
    }

    @Override
    public int widthFor(int outputs) {
      throw new UnsupportedOperationException("each output has labels of its own: ask them");
    }
  }

  /** The names for a message, no more than a dozen. */
  static String abbreviate(List<String> names) {
    return names.size() <= 12
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 12)) + ", ...";
  }
}
