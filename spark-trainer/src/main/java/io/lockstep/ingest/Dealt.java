package io.lockstep.ingest;

import io.lockstep.data.Labels;
import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Schema;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.order.BlockSize;
import io.lockstep.data.order.Deal.Arrangement;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.Settled;
import io.lockstep.data.text.Vocabulary;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What is known of a run's data once it has been read and dealt; a value, without any example.
 *
 * @param train the exchange of what is trained and held out
 * @param test the exchange of what is evaluated at the end, if any
 * @param windowBytes of examples that a replica shuffles together
 * @param classCounts training examples of each class; empty if they were not counted
 */
public record Dealt(
    Exchange train, Optional<Exchange> test, long windowBytes, List<Long> classCounts) {
  public Dealt {
    classCounts = List.copyOf(classCounts);
  }

  /** Data whose classes were not counted. */
  public Dealt(Exchange train, Optional<Exchange> test, long windowBytes) {
    this(train, test, windowBytes, List.of());
  }

  /** Whether each example is of one class, and nothing else is to be learnt. */
  public boolean hasOneClassEach() {
    return haveOneClassEach(settled());
  }

  static boolean haveOneClassEach(Settled settled) {
    return settled.labels() instanceof Labels.Classes
        && !settled.schema().labels().get(0).sequence()
        && settled.layout().text().filter(it -> it.options().nextToken()).isEmpty();
  }

  /** Number of examples of {@code part}, 0 if the run has none. */
  public long count(Part part) {
    return part == Part.TEST ? test.orElse(train).deal().count(part) : train.deal().count(part);
  }

  /** Number of pieces of each part. */
  public int pieces() {
    return train.deal().pieces();
  }

  /** What each example has, as minibatches are made of it. */
  public Schema schema() {
    return train.schema();
  }

  /** Shape of the first input of one example, or of one of its time steps. */
  public List<Integer> shape() {
    return schema().inputs().get(0).shape();
  }

  /** Classes, or the names of what is predicted. */
  public Labels labels() {
    return train.labels();
  }

  /** The training source as it was found. */
  public Settled settled() {
    return train.settled();
  }

  /** What the user should know of the data, a sentence each. */
  public List<String> notes() {
    return each(Settled::notes);
  }

  /** What of the data can hardly be meant, a sentence each. */
  public List<String> warnings() {
    return each(Settled::warnings);
  }

  private List<String> each(Function<Settled, List<String>> sentences) {
    List<String> all = new ArrayList<>();
    sentences.apply(settled()).forEach(it -> all.add("data.train: " + it));
    test.ifPresent(
        it -> sentences.apply(it.settled()).forEach(each -> all.add("data.test: " + each)));
    return all;
  }

  /** What is done to the first input; fitted on the training part if it needs fitting. */
  public Preparation preparation() {
    return train.preparation();
  }

  /** What is done to the first input if it is numbers. */
  public Normalizer normalizer() {
    return preparation().normalizer();
  }

  /** Number of ids of tokens; empty if the first input is no text. */
  public OptionalInt vocabulary() {
    return train.vocabulary().stream().mapToInt(Vocabulary::size).findFirst();
  }

  /** The order in which replicas train their shards. */
  public EpochOrder order(long seed) {
    double steps = settled().meanSteps();
    int size = train.blockSize();
    boolean shuffled = train.deal().arrangement() != Arrangement.IN_ORDER;
    int window = BlockSize.window(schema(), steps, size, windowBytes);
    return new EpochOrder(seed, size, window, shuffled);
  }

  /** How examples become minibatches. */
  public Feeding feeding() {
    return Feeding.of(schema(), preparation());
  }

  /**
   * How examples become minibatches.
   *
   * @param schema of the blocks
   * @param normalizers of each field, inputs first: what is to be done to images, which stay bytes
   *     in blocks, and was done to all other numbers
   */
  public record Feeding(Schema schema, List<Normalizer> normalizers) implements Serializable {
    public Feeding {
      normalizers = List.copyOf(normalizers);
    }

    /** How examples of a schema become minibatches once they are prepared. */
    public static Feeding of(Schema schema, Preparation preparation) {
      List<Normalizer> normalizers = new ArrayList<>();
      for (int input = 0; input < schema.inputs().size(); input++) {
        normalizers.add(preparation.input(input));
      }
      for (int output = 0; output < schema.labels().size(); output++) {
        normalizers.add(preparation.output(output));
      }
      return new Feeding(schema, normalizers);
    }

    /** What was done to the numbers that an output is to predict; empty for nothing. */
    public Optional<Standardization> targets(int output) {
      return normalizers.get(schema.firstLabel() + output) instanceof Standardization it
          ? Optional.of(it)
          : Optional.empty();
    }

    /** A batcher, whose buffers are its own. */
    public Batcher batcher() {
      return new Batcher(schema, normalizers);
    }
  }
}
