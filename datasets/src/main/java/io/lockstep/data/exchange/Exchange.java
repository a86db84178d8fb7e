package io.lockstep.data.exchange;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.Settled;
import io.lockstep.data.text.TextLayout;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Vocabulary;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The way of each example from the split in which it was read to the block in which it is kept.
 *
 * <p>The blocks of all pieces of all parts are numbered through: those of the training part first,
 * piece by piece. Whoever holds a split {@linkplain #route routes} its blocks: numbers that are no
 * bytes are normalised, texts become ids of tokens, and the rows are grouped by the block they go
 * to. Whoever makes a block {@linkplain #assemble assembles} it from what came from all splits.
 * Both are pure functions, so a part that was lost is made again, bit for bit. Immutable.
 *
 * @param settled the source
 * @param deal of its examples to parts and pieces
 * @param preparation of inputs and of what is to be predicted
 * @param blockSize examples of a block; the last of a piece may have fewer
 */
public record Exchange(Settled settled, Deal deal, Preparation preparation, int blockSize)
    implements Serializable {
  /** Bytes of rows that are grouped at a time. */
  private static final long TOGETHER = 32L << 20;

  /** An exchange of examples that are numbers. */
  public Exchange(Settled settled, Deal deal, Normalizer normalizer, int blockSize) {
    this(settled, deal, new Preparation.Numbers(normalizer), blockSize);
  }

  /**
   * Rows on their way.
   *
   * @param destination number of the block they go to
   * @param rows a part of it
   */
  public record Routed(int destination, Block rows) {}

  /**
   * One of the blocks that examples go to.
   *
   * @param part it belongs to
   * @param piece of that part
   * @param block of that piece
   */
  public record Destination(Part part, int piece, int block) {}

  /** What each example has after the exchange: all numbers but images are FLOAT32, texts INT32. */
  public Schema schema() {
    return prepared().schema();
  }

  private Prepared prepared() {
    return new Prepared(
        settled.schema(), textOptions(), preparation.over(settled.words().dictionary()));
  }

  /** Classes, or the names of what is predicted; of a language model its tokens. */
  public Labels labels() {
    return textOptions().filter(TextOptions::nextToken).isPresent()
        ? preparation
            .text()
            .<Labels>map(text -> new Labels.Classes(text.vocabulary().names()))
            .orElse(settled.labels())
        : settled.labels();
  }

  /** The tokens of the first input, if it is text. */
  public Optional<Vocabulary> vocabulary() {
    return preparation.text().map(TextVectorization::vocabulary);
  }

  private Optional<TextOptions> textOptions() {
    return settled.layout().text().map(TextLayout::options);
  }

  /** Number of blocks of one piece. */
  public int blocks(Part part, int piece) {
    return Math.toIntExact((deal.count(part, piece) + blockSize - 1) / blockSize);
  }

  /** Number of blocks of all pieces of all parts. */
  public int destinations() {
    return first(Part.TEST, deal.pieces());
  }

  /** Number of the first block of a piece; of the end of a part if there is no such piece. */
  public int first(Part part, int piece) {
    long first = 0;
    for (Part each : Part.values()) {
      int pieces = each == part ? piece : deal.pieces();
      long count = deal.count(each);
      // Pieces come in two sizes, the larger ones first.
      long larger = Math.min(pieces, count % deal.pieces());
      long quotient = count / deal.pieces();
      first += larger * ((quotient + 1 + blockSize - 1) / blockSize);
      first += (pieces - larger) * ((quotient + blockSize - 1) / blockSize);
      if (each == part) {
        return Math.toIntExact(first);
      }
    }
    throw new AssertionError(part);
  }

  /** The block that has a number. */
  public Destination destination(int number) {
    for (Part part : Part.values()) {
      if (number < first(part, deal.pieces())) {
        int low = 0;
        int high = deal.pieces() - 1;
        while (low < high) {
          int middle = (low + high + 1) >>> 1;
          if (first(part, middle) <= number) {
            low = middle;
          } else {
            high = middle - 1;
          }
        }
        return new Destination(part, low, number - first(part, low));
      }
    }
    throw new IndexOutOfBoundsException("block " + number + " of " + destinations());
  }

  /** What a split contributes to a fit of the first input on the training examples; lazy. */
  public Iterator<Fit.Part> collect(Fit<?> fit, int split, Iterator<Block> raw) {
    Deal.Places places = deal.places();
    Iterator<Block> numbered =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return raw.hasNext();
          }

          @Override
          public Block next() {
            return settled.numbered(split, raw.next());
          }
        };
    return fit.collect(split, numbered, id -> places.of(id).part() == Part.TRAINING);
  }

  /** Sends the blocks that a split's reader made on their way; lazy, some tens of MiB at a time. */
  public Iterator<Routed> route(int split, Iterator<Block> raw) {
    return new Routing(split, raw);
  }

  private final class Routing implements Iterator<Routed> {
    private final int split;
    private final Iterator<Block> raw;
    private final Deal.Places places = deal.places();
    private final Deque<Routed> ready = new ArrayDeque<>();
    private final Map<PieceOfPart, Integer> firsts = new HashMap<>();

    Routing(int split, Iterator<Block> raw) {
      this.split = split;
      this.raw = raw;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && raw.hasNext()) {
        group();
      }
      return !ready.isEmpty();
    }

    @Override
    public Routed next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void group() {
      Map<Integer, BlockBuilder> groups = new TreeMap<>();
      Prepared prepared = prepared();
      Schema schema = prepared.schema();
      for (long bytes = 0; bytes < TOGETHER && raw.hasNext(); ) {
        Block block = prepared.of(settled.numbered(split, raw.next()));
        for (int row = 0; row < block.size(); row++) {
          groups
              .computeIfAbsent(destinationOf(block.id(row)), number -> new BlockBuilder(schema, 16))
              .add(block, row);
        }
        bytes += block.bytes();
      }
      groups.forEach((number, rows) -> ready.add(new Routed(number, rows.build())));
    }

    private int destinationOf(long id) {
      Deal.Place place = places.of(id);
      int first =
          firsts.computeIfAbsent(
              new PieceOfPart(place.part(), place.piece()), at -> first(at.part(), at.piece()));
      return first + (int) (place.row() / blockSize);
    }
  }

  private record PieceOfPart(Part part, int piece) {}

  /**
   * Makes a block of what came from all splits, in any order.
   *
   * @throws IllegalStateException if it is not exactly the block's rows
   */
  public Block assemble(int number, Iterator<Block> parts) {
    Destination to = destination(number);
    long from = (long) to.block() * blockSize;
    int size = (int) Math.min(blockSize, deal.count(to.part(), to.piece()) - from);
    Deal.Places places = deal.places();
    List<Block> blocks = new ArrayList<>();
    long[] order = new long[size];
    int arrived = 0;
    while (parts.hasNext()) {
      Block part = parts.next();
      for (int row = 0; row < part.size(); row++) {
        int at = (int) (places.of(part.id(row)).row() - from);
        if (at < 0 || at >= size || order[at] != 0) {
          throw new IllegalStateException("example " + part.id(row) + " came twice or by mistake");
        }
        order[at] = (blocks.size() + 1L) << 32 | row;
        arrived++;
      }
      blocks.add(part);
    }
    if (arrived != size) {
      throw new IllegalStateException(
          "%d of %d examples of block %d arrived".formatted(arrived, size, number));
    }
    var builder = new BlockBuilder(schema(), size);
    for (long each : order) {
      builder.add(blocks.get((int) (each >>> 32) - 1), (int) each);
    }
    return builder.build();
  }
}
