package io.lockstep.data.order;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.util.Locale;

/**
 * Which piece of which part each example of a source belongs to, and where it lies in it.
 *
 * <p>The examples of a training source are put in random order by a {@link Permutation}; the first
 * ones are held out as a test, if it gives one, so these are the same whatever is held out for
 * validation; the next ones are held out for validation, and the rest is cut into contiguous pieces
 * whose sizes differ by at most one: piece k of the training part is the shard of replica k. So a
 * shard is a fair sample even of a file that is sorted by class, and its rows are in random order
 * already. Other {@linkplain Arrangement arrangements} keep an order that means something. Both
 * directions are computed, nothing is listed. Immutable.
 *
 * @param examples of the source
 * @param held how many of them are held out for validation
 * @param tested how many of a training source are held out as {@link Part#TEST}; 0 of a source that
 *     is nothing but a test
 * @param pieces that each part is cut into: the replicas
 * @param seed of the plan
 * @param arrangement of the examples
 * @param lanes streams that a piece is cut into where examples stay in order, 1 for plain order. A
 *     stream is a contiguous run; the rows of a piece are the first example of each stream, then
 *     the second of each, and so on. Streams differ in length by at most one, the longer ones first
 */
public record Deal(
    long examples,
    long held,
    long tested,
    int pieces,
    long seed,
    Arrangement arrangement,
    int lanes)
    implements Serializable {
  /** What is random about the places of examples. */
  public enum Arrangement {
    /** All: the examples held out, and the order of the others. */
    SHUFFLED,
    /**
     * The last examples are held out, those of the test after those of validation; the order of the
     * others is random.
     */
    LAST_HELD_OUT,
    /** Nothing: the last examples are held out, and the others stay in order, in streams. */
    IN_ORDER,
    /** Nothing: all examples are {@link Part#TEST}. */
    TEST
  }

  public Deal {
    boolean ordered = arrangement == Arrangement.IN_ORDER || arrangement == Arrangement.TEST;
    if (examples < 0
        || held < 0
        || tested < 0
        || held > examples - tested
        || pieces < 1
        || (held + tested > 0 && arrangement == Arrangement.TEST)
        || lanes < 1
        || (lanes > 1 && !ordered)) {
      throw new IllegalArgumentException(
          "%d examples, %d held out, %d tested, %d pieces, %s, %d lanes"
              .formatted(examples, held, tested, pieces, arrangement, lanes));
    }
  }

  /** A deal without a test. */
  public Deal(long examples, long held, int pieces, long seed, Arrangement arrangement, int lanes) {
    this(examples, held, 0, pieces, seed, arrangement, lanes);
  }

  /**
   * The deal of a training source.
   *
   * @param validation share to hold out, [0, 1); rounded to the nearest count, but at least one
   *     example as soon as it is above 0
   * @throws InputException if nothing would be left to train
   */
  public static Deal training(long examples, double validation, int replicas, long seed) {
    return training(examples, validation, 0, replicas, seed, Arrangement.SHUFFLED, 1);
  }

  /**
   * The deal of a training source whose order may mean something.
   *
   * @param validation as in {@link #training(long, double, int, long)}
   * @param test share to hold out as a test, rounded likewise
   * @param lanes streams of a shard
   * @throws InputException as there
   */
  public static Deal training(
      long examples,
      double validation,
      double test,
      int replicas,
      long seed,
      Arrangement arrangement,
      int lanes) {
    long held = share("validation", examples, validation);
    long tested = share("test", examples, test);
    if (tested > 0 && held + tested >= examples) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Nothing left to train: %,d example(s), of which %,d would be held out as a test"
                  + " (fraction %s) and %,d for validation (fraction %s). Provide more examples or"
                  + " smaller fractions.",
              examples,
              tested,
              test,
              held,
              validation));
    }
    if (held >= examples) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Nothing left to train: %,d example(s), of which %,d would be held out for validation"
                  + " (fraction %s). Provide more examples or a smaller fraction.",
              examples,
              held,
              validation));
    }
    return new Deal(examples, held, tested, replicas, seed, arrangement, lanes);
  }

  private static long share(String what, long examples, double fraction) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(what + " fraction not in [0, 1): " + fraction);
    }
    return fraction > 0 ? Math.max(1, Math.round(examples * fraction)) : 0;
  }

  /** The deal of a source that is only evaluated. */
  public static Deal test(long examples, int pieces) {
    return test(examples, pieces, 1);
  }

  /** The deal of a source that is only evaluated, each piece in {@code lanes} streams. */
  public static Deal test(long examples, int pieces, int lanes) {
    return new Deal(examples, 0, 0, pieces, 0, Arrangement.TEST, lanes);
  }

  /**
   * Where an example lies.
   *
   * @param part it belongs to
   * @param piece of that part
   * @param row within the piece, from 0
   */
  public record Place(Part part, int piece, long row) {}

  /** Computes places; holds the keys of the permutation. Not serialised: made where needed. */
  public Places places() {
    return new Places(this);
  }

  /** Number of examples of {@code part}. */
  public long count(Part part) {
    return switch (part) {
      case TRAINING -> arrangement == Arrangement.TEST ? 0 : examples - held - tested;
      case VALIDATION -> held;
      case TEST -> arrangement == Arrangement.TEST ? examples : tested;
    };
  }

  /** Number of examples of one piece. */
  public long count(Part part, int piece) {
    return LongRange.piece(count(part), pieces, piece).size();
  }

  /** Where the part of piece {@code piece} that is stream {@code lane} lies in it. */
  private LongRange lane(Part part, int piece, int lane) {
    return LongRange.piece(count(part, piece), lanes, lane);
  }

  /** The functions of a {@link Deal}. Immutable. */
  public static final class Places {
    private final Deal deal;
    private final Permutation permutation;

    private Places(Deal deal) {
      this.deal = deal;
      long key = Seeds.derive(Seeds.Purpose.SPLIT, deal.seed);
      permutation =
          switch (deal.arrangement) {
            case SHUFFLED -> new Permutation(deal.examples, key);
            case LAST_HELD_OUT -> new Permutation(deal.count(Part.TRAINING), key);
            case IN_ORDER, TEST -> null;
          };
    }

    /** Where the example {@code id} lies. */
    public Place of(long id) {
      return switch (deal.arrangement) {
        case TEST -> place(Part.TEST, id);
        case SHUFFLED -> {
          long at = permutation.place(id) - deal.tested;
          if (at < 0) {
            yield place(Part.TEST, at + deal.tested);
          }
          yield at < deal.held ? place(Part.VALIDATION, at) : place(Part.TRAINING, at - deal.held);
        }
        case LAST_HELD_OUT, IN_ORDER -> {
          long trained = deal.count(Part.TRAINING);
          if (id >= trained + deal.held) {
            yield place(Part.TEST, id - trained - deal.held);
          }
          yield id >= trained
              ? place(Part.VALIDATION, id - trained)
              : place(Part.TRAINING, permutation == null ? id : permutation.place(id));
        }
      };
    }

    private Place place(Part part, long at) {
      long count = deal.count(part);
      int piece = LongRange.pieceOf(at, count, deal.pieces);
      long row = at - LongRange.piece(count, deal.pieces, piece).from();
      if (deal.lanes > 1) {
        int lane = LongRange.pieceOf(row, deal.count(part, piece), deal.lanes);
        row = (row - deal.lane(part, piece, lane).from()) * deal.lanes + lane;
      }
      return new Place(part, piece, row);
    }

    /** The example at {@code row} of a piece: the inverse of {@link #of}. */
    public long id(Part part, int piece, long row) {
      long within =
          deal.lanes > 1
              ? deal.lane(part, piece, (int) (row % deal.lanes)).from() + row / deal.lanes
              : row;
      long at = LongRange.piece(deal.count(part), deal.pieces, piece).from() + within;
      boolean shuffled = deal.arrangement == Arrangement.SHUFFLED;
      return switch (part) {
        case TRAINING ->
            permutation == null
                ? at
                : permutation.number(shuffled ? deal.tested + deal.held + at : at);
        case VALIDATION ->
            shuffled
                ? permutation.number(deal.tested + at)
                : deal.examples - deal.tested - deal.held + at;
        case TEST -> shuffled ? permutation.number(at) : deal.examples - deal.count(Part.TEST) + at;
      };
    }
  }
}
