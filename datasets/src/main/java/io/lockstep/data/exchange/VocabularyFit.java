package io.lockstep.data.exchange;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TokenCounts;
import io.lockstep.data.text.Vocabulary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongPredicate;

/**
 * The vocabulary of the first input, which holds standardised texts.
 *
 * <p>A token falls into a bucket by its hash, so each bucket has the whole count of its tokens and
 * passes on no more of them than can be in the vocabulary. A split that has met very many different
 * tokens sends what it has and goes on.
 *
 * @param options limits of the vocabulary
 * @param buckets more of them are merged by more tasks, each with less memory
 */
public record VocabularyFit(TextOptions options, int buckets) implements Fit<Vocabulary> {
  /** Different tokens that a split holds before it sends them. */
  private static final int HELD = 1_000_000;

  private static final int MOST_BUCKETS = 64;

  /** A fit over some number of splits. */
  public static VocabularyFit over(int splits, TextOptions options) {
    return new VocabularyFit(options, Math.min(MOST_BUCKETS, splits));
  }

  @Override
  public Iterator<Part> collect(int split, Iterator<Block> raw, LongPredicate training) {
    return new Collecting(split, raw, training);
  }

  private final class Collecting implements Iterator<Part> {
    private final int split;
    private final Iterator<Block> raw;
    private final LongPredicate training;
    private final Deque<Part> ready = new ArrayDeque<>();
    private int sent;

    Collecting(int split, Iterator<Block> raw, LongPredicate training) {
      this.split = split;
      this.raw = raw;
      this.training = training;
    }

    @Override
    public boolean hasNext() {
      if (ready.isEmpty() && raw.hasNext()) {
        var counts = new TokenCounts();
        while (raw.hasNext() && counts.held() < HELD) {
          Block block = raw.next();
          for (int row = 0; row < block.size(); row++) {
            if (training.test(block.id(row))) {
              counts.add(options.tokenizer(), block, 0, row);
            }
          }
        }
        for (int bucket = 0; bucket < buckets; bucket++) {
          int number = bucket;
          byte[] state = encode(counts, token -> bucketOf(token) == number);
          ready.add(new Part(split, sent, bucket, state));
        }
        sent++;
      }
      return !ready.isEmpty();
    }

    @Override
    public Part next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }
  }

  private int bucketOf(String token) {
    return Math.floorMod(token.hashCode() * 0x9E3779B9, buckets);
  }

  private int most() {
    return options.maxTokens() - Vocabulary.RESERVED;
  }

  @Override
  public byte[] merge(Iterator<Part> parts) {
    var counts = new TokenCounts();
    parts.forEachRemaining(part -> add(counts, part.state()));
    return encode(counts.top(most(), options.minCount()), token -> true);
  }

  @Override
  public Vocabulary finish(List<byte[]> merged) {
    var counts = new TokenCounts();
    merged.forEach(each -> add(counts, each));
    List<String> tokens = counts.top(most(), 1).tokens(1);
    if (tokens.isEmpty()) {
      throw new InputException(
          "no token comes %d times or more in the training part: set a smaller minCount"
              .formatted(options.minCount()));
    }
    return new Vocabulary(tokens);
  }

  private static byte[] encode(TokenCounts counts, java.util.function.Predicate<String> which) {
    var bytes = new ByteArrayOutputStream();
    try {
      counts.writeTo(new DataOutputStream(bytes), which);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void add(TokenCounts counts, byte[] state) {
    try {
      counts.addFrom(new DataInputStream(new ByteArrayInputStream(state)));
    } catch (IOException e) {
      throw new UncheckedIOException("damaged counts of tokens", e);
    }
  }
}
