package io.lockstep.data.text;

/**
 * Tokens of a running text, by their positions; those that nobody needs any more are forgotten. Not
 * thread-safe.
 *
 * <p>Pieces are added one after the other, none of which ends within a word unless it is longer
 * than a piece.
 */
public final class TokenBuffer {
  private final Tokenizer tokenizer;
  private final StringBuilder text = new StringBuilder();
  private long first; // position of the first token in text
  private long end;
  private long at; // position of a token in text
  private int atIndex; // and where it begins

  /**
   * @param position of the first token that will be added
   */
  public TokenBuffer(Tokenizer tokenizer, long position) {
    this.tokenizer = tokenizer;
    first = position;
    end = position;
    at = position;
  }

  /** Adds the tokens of a piece of text, which is not standardised yet. */
  public void add(String piece) {
    String standard = tokenizer.standardized(piece);
    if (standard.isEmpty()) {
      return;
    }
    if (words() && text.length() > 0) {
      text.append(' ');
      atIndex = at == end ? text.length() : atIndex;
    }
    text.append(standard);
    end += tokenizer.count(standard);
  }

  private boolean words() {
    return tokenizer.unit() == Tokenizer.Unit.WORD;
  }

  /** Position after the last token. */
  public long end() {
    return end;
  }

  /** Forgets the tokens before {@code position}, which is not above {@link #end}. */
  public void forget(long position) {
    seek(position);
    if (atIndex > 1 << 16 || position == end) {
      text.delete(0, Math.min(atIndex, text.length()));
      atIndex = 0;
      first = position;
    }
  }

  /** The standardised text of the tokens {@code from} to {@code to - 1}. */
  public String text(long from, long to) {
    seek(from);
    int begin = atIndex;
    long start = at;
    seek(to);
    int stop = Math.min(text.length(), atIndex);
    boolean between = words() && to < end;
    String found = text.substring(begin, between ? stop - 1 : stop);
    at = start;
    atIndex = begin;
    return found;
  }

  /** Moves to a token: forwards, as callers do; from the beginning if it lies before. */
  private void seek(long position) {
    if (position < at) {
      at = first;
      atIndex = 0;
    }
    if (position == end) {
      at = end;
      atIndex = text.length();
      return;
    }
    for (; at < position; at++) {
      if (words()) {
        atIndex = text.indexOf(" ", atIndex) + 1;
      } else {
        atIndex = text.offsetByCodePoints(atIndex, 1);
      }
    }
  }
}
