package io.lockstep.ingest;

import io.lockstep.data.block.Field;
import io.lockstep.data.exchange.EncodingFit;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.source.Settled;
import java.util.ArrayList;
import java.util.List;

/** What must be learned of each input of a table of whose columns something is said. */
final class EncodingFits {
  private EncodingFits() {}

  static List<EncodingFit> of(Settled settled) {
    List<Column> kinds = settled.layout().kinds();
    List<List<String>> words = settled.words().dictionary();
    List<EncodingFit> fits = new ArrayList<>();
    int at = 0;
    for (Field input : settled.schema().inputs()) {
      int to = at + input.width();
      List<List<String>> own = new ArrayList<>();
      for (int column = at; column < to; column++) {
        own.add(words.isEmpty() ? List.of() : words.get(column));
      }
      fits.add(new EncodingFit(fits.size(), kinds.subList(at, to), own));
      at = to;
    }
    return fits;
  }
}
