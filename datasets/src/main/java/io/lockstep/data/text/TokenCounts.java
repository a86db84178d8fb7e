package io.lockstep.data.text;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How often tokens come. Sums of whole numbers: the same in whatever order they are added. Not
 * thread-safe.
 *
 * <p>Written form: {@code int32} number of tokens; per token {@code int32} length and its UTF-8,
 * {@code int64} count.
 */
public final class TokenCounts {
  /** The most frequent first; of equally frequent ones the smaller by code points. */
  private static final Comparator<Map.Entry<String, Counter>> BY_FREQUENCY =
      Comparator.comparingLong((Map.Entry<String, Counter> each) -> each.getValue().count)
          .reversed()
          .thenComparing(Map.Entry::getKey, Utf8::compare);

  private static final int MOST_TOKEN_BYTES = 1 << 30;

  private final Map<String, Counter> counts = new HashMap<>();
  private long[] byCharacter; // of those below 2^16, if tokens are characters

  private static final class Counter {
    private long count;
  }

  /** Adds the tokens of a row of a column that holds standardised texts. */
  public void add(Tokenizer tokenizer, Block block, int column, int row) {
    byte[] text = ((Values.Bytes) block.values(column)).array();
    int from = block.from(column, row);
    int to = from + block.steps(column, row);
    boolean characters = tokenizer.unit() == Tokenizer.Unit.CHARACTER;
    if (characters && byCharacter == null) {
      byCharacter = new long[1 << 16];
    }
    for (int at = from; at < to; at = tokenizer.next(text, at, to)) {
      int end = tokenizer.end(text, at, to);
      int character = characters ? Utf8.codePoint(text, at, end) : Integer.MAX_VALUE;
      if (character < 1 << 16) {
        byCharacter[character]++;
      } else {
        add(new String(text, at, end - at, StandardCharsets.UTF_8), 1);
      }
    }
  }

  /** Adds {@code times} to the count of a token. */
  public void add(String token, long times) {
    counts.computeIfAbsent(token, key -> new Counter()).count += times;
  }

  /** Number of different tokens that were added one by one, as memory must be kept for them. */
  public int held() {
    return counts.size();
  }

  /** Number of different tokens. */
  public int distinct() {
    return settled().size();
  }

  private Map<String, Counter> settled() {
    if (byCharacter != null) {
      for (int character = 0; character < byCharacter.length; character++) {
        if (byCharacter[character] > 0) {
          add(Character.toString(character), byCharacter[character]);
        }
      }
      byCharacter = null;
    }
    return counts;
  }

  /** The tokens that come at least {@code minCount} times, the most frequent first. */
  public List<String> tokens(int minCount) {
    return settled().entrySet().stream()
        .filter(each -> each.getValue().count >= minCount)
        .sorted(BY_FREQUENCY)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Only the {@code most} tokens that come first, and at least {@code minCount} times. */
  public TokenCounts top(long most, int minCount) {
    var top = new TokenCounts();
    settled().entrySet().stream()
        .filter(each -> each.getValue().count >= minCount)
        .sorted(BY_FREQUENCY)
        .limit(most)
        .forEach(each -> top.add(each.getKey(), each.getValue().count));
    return top;
  }

  /** Writes the tokens that {@code which} holds of. */
  public void writeTo(DataOutput out, Predicate<String> which) throws IOException {
    List<String> tokens = settled().keySet().stream().filter(which).toList();
    out.writeInt(tokens.size());
    for (String token : tokens) {
      byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
      out.writeLong(counts.get(token).count);
    }
  }

  /** Adds what {@link #writeTo} wrote. */
  public void addFrom(DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      int length = in.readInt();
      if (length < 1 || length > MOST_TOKEN_BYTES) {
        throw new IOException("a token of " + length + " bytes");
      }
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      add(new String(bytes, StandardCharsets.UTF_8), in.readLong());
    }
  }
}
