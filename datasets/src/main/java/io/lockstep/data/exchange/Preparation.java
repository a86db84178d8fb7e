package io.lockstep.data.exchange;

import io.lockstep.data.normalize.Encoding;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.text.TextVectorization;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is done to the inputs of raw examples, and to numbers that are to be predicted, before a
 * network is given them; belongs to the trained model.
 */
public sealed interface Preparation extends Serializable {
  /** What is done to the numbers of an input, counted from 0; nothing, if it is text. */
  Normalizer input(int number);

  /** What is done to the numbers that an output is to predict, counted from 0. */
  Normalizer output(int number);

  /** What is done to the numbers of the first input; nothing, if it is text. */
  default Normalizer normalizer() {
    return input(0);
  }

  /** What is done to text; empty if the input is numbers. */
  Optional<TextVectorization> text();

  /**
   * What is done to the numbers that an output is to predict, whose inverse turns what a network
   * puts out into the units of the data; empty for nothing.
   */
  default Optional<Standardization> targets(int output) {
    return output(output) instanceof Standardization it ? Optional.of(it) : Optional.empty();
  }

  /**
   * The same for blocks in which words have other ids.
   *
   * @param dictionary words of all columns of all inputs, by their ids; empty to leave ids alone
   */
  default Preparation over(List<List<String>> dictionary) {
    return this;
  }

  /** That of the first output. */
  default Optional<Standardization> targets() {
    return targets(0);
  }

  /**
   * Of numbers.
   *
   * @param inputs what is done to each
   * @param outputs what is done to the numbers that each is to predict; may be shorter, where
   *     nothing is done to the others
   */
  record Numbers(List<Normalizer> inputs, List<Normalizer> outputs) implements Preparation {
    public Numbers {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    /** Of one input, without touching what is to be predicted. */
    public Numbers(Normalizer normalizer) {
      this(List.of(normalizer), List.of());
    }

    @Override
    public Preparation over(List<List<String>> dictionary) {
      if (dictionary.isEmpty()) {
        return this;
      }
      List<Normalizer> others = new ArrayList<>();
      int at = 0;
      for (Normalizer each : inputs) {
        if (each instanceof Encoding encoding) {
          int columns = encoding.columns().size();
          others.add(encoding.over(dictionary.subList(at, at + columns)));
          at += columns;
        } else {
          others.add(each);
        }
      }
      return new Numbers(others, outputs);
    }

    @Override
    public Normalizer input(int number) {
      return number < inputs.size() ? inputs.get(number) : new Normalizer.Identity();
    }

    @Override
    public Normalizer output(int number) {
      return number < outputs.size() ? outputs.get(number) : new Normalizer.Identity();
    }

    @Override
    public Optional<TextVectorization> text() {
      return Optional.empty();
    }
  }

  /** Of texts. */
  record Texts(TextVectorization vectorization) implements Preparation {
    @Override
    public Normalizer input(int number) {
      return new Normalizer.Identity();
    }

    @Override
    public Normalizer output(int number) {
      return new Normalizer.Identity();
    }

    @Override
    public Optional<TextVectorization> text() {
      return Optional.of(vectorization);
    }
  }
}
