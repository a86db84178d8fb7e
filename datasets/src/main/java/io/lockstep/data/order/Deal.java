package io.lockstep.data.order;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.util.Locale;

/**
 * Which piece of which part each example of a source belongs to, and where it lies in it.
 *
 * <p>The examples of a training source are put in random order by a {@link Permutation}; the first
 * ones are held out for validation, and the rest is cut into contiguous pieces whose sizes differ
 * by at most one: piece k of the training part is the shard of replica k. So a shard is a fair
 * sample even of a file that is sorted by class, and its rows are in random order already. The
 * examples of a test source stay in their order. Both directions are computed, nothing is listed.
 * Immutable.
 *
 * @param examples of the source
 * @param held how many of them are held out for validation
 * @param pieces that each part is cut into: the replicas
 * @param seed of the plan
 * @param shuffled whether the source is put in random order: false for a test source, of which all
 *     is {@link Part#TEST}
 */
public record Deal(long examples, long held, int pieces, long seed, boolean shuffled)
    implements Serializable {
  public Deal {
    if (examples < 0 || held < 0 || held > examples || pieces < 1 || (held > 0 && !shuffled)) {
      throw new IllegalArgumentException(
          "%d examples, %d held out, %d pieces".formatted(examples, held, pieces));
    }
  }

  /**
   * The deal of a training source.
   *
   * @param validation share to hold out, [0, 1); rounded to the nearest count, but at least one
   *     example as soon as it is above 0
   * @throws InputException if nothing would be left to train
   */
  public static Deal training(long examples, double validation, int replicas, long seed) {
    if (!(validation >= 0 && validation < 1)) {
      throw new IllegalArgumentException("validation fraction not in [0, 1): " + validation);
    }
    long held = Math.round(examples * validation);
    if (validation > 0) {
      held = Math.max(held, 1);
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
    return new Deal(examples, held, replicas, seed, true);
  }

  /** The deal of a source that is only evaluated. */
  public static Deal test(long examples, int pieces) {
    return new Deal(examples, 0, pieces, 0, false);
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
      case TRAINING -> shuffled ? examples - held : 0;
      case VALIDATION -> held;
      case TEST -> shuffled ? 0 : examples;
    };
  }

  /** Number of examples of one piece. */
  public long count(Part part, int piece) {
    return LongRange.piece(count(part), pieces, piece).size();
  }

  /** The functions of a {@link Deal}. Immutable. */
  public static final class Places {
    private final Deal deal;
    private final Permutation permutation;

    private Places(Deal deal) {
      this.deal = deal;
      permutation =
          deal.shuffled
              ? new Permutation(deal.examples, Seeds.derive(Seeds.Purpose.SPLIT, deal.seed))
              : null;
    }

    /** Where the example {@code id} lies. */
    public Place of(long id) {
      if (permutation == null) {
        return place(Part.TEST, id);
      }
      long at = permutation.place(id);
      return at < deal.held ? place(Part.VALIDATION, at) : place(Part.TRAINING, at - deal.held);
    }

    private Place place(Part part, long at) {
      long count = deal.count(part);
      int piece = LongRange.pieceOf(at, count, deal.pieces);
      return new Place(part, piece, at - LongRange.piece(count, deal.pieces, piece).from());
    }

    /** The example at {@code row} of a piece: the inverse of {@link #of}. */
    public long id(Part part, int piece, long row) {
      long at = LongRange.piece(deal.count(part), deal.pieces, piece).from() + row;
      return switch (part) {
        case TRAINING -> permutation.number(deal.held + at);
        case VALIDATION -> permutation.number(at);
        case TEST -> at;
      };
    }
  }
}
