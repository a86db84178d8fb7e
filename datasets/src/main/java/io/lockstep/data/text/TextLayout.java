package io.lockstep.data.text;

import java.io.Serializable;
import java.util.List;

/**
 * That the first input of a source is text: in its blocks the UTF-8 of each, standardised and no
 * longer than it may be, as a sequence of bytes.
 *
 * @param options how texts become ids of tokens
 * @param starts tokens of each split's file before it, where windows are counted by tokens; empty
 *     as long as they are not known, or where nobody asks
 */
public record TextLayout(TextOptions options, List<Long> starts) implements Serializable {
  public TextLayout {
    starts = List.copyOf(starts);
  }
}
