package io.lockstep.data.exchange;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TextVectorization;
import java.util.List;

/**
 * Blocks of texts as blocks of token ids. A text of a language model becomes two sequences, one
 * step shorter than it has tokens: all tokens but the last, and for each the one after it.
 *
 * @param schema of the blocks that are made
 * @param text turns texts into ids
 * @param options of the source
 */
record TokenBlocks(Schema schema, TextVectorization text, TextOptions options) {
  /** What examples have once their texts are ids. */
  static Schema schema(Schema raw, TextOptions options) {
    List<Field> labels =
        options.nextToken() ? List.of(Field.sequence("next", ElementType.INT32)) : raw.labels();
    return new Schema(
        List.of(Field.sequence("tokens", ElementType.INT32)), labels, raw.weighted(), raw.keyed());
  }

  Block prepared(Block block) {
    var lookup = new TextVectorization.Lookup(text);
    var builder = new BlockBuilder(schema, block.size());
    byte[] texts = ((Values.Bytes) block.values(0)).array();
    for (int row = 0; row < block.size(); row++) {
      int from = block.from(0, row);
      int[] ids = lookup.ids(texts, from, from + block.steps(0, row));
      builder.begin(block.id(row));
      if (block.schema().weighted()) {
        builder.weight(block.weight(row));
      }
      if (block.schema().keyed()) {
        builder.key(block.key(row));
      }
      if (options.nextToken()) {
        builder.put(0, ids, 0, ids.length - 1);
        builder.put(1, ids, 1, ids.length - 1);
      } else {
        builder.put(0, ids, 0, ids.length);
        for (int column = 1; column < block.schema().fields().size(); column++) {
          copy(block, column, row, builder);
        }
      }
      builder.end();
    }
    return builder.build();
  }

  private static void copy(Block from, int column, int row, BlockBuilder to) {
    int width = from.schema().fields().get(column).width() * from.steps(column, row);
    int at = from.from(column, row);
    if (from.values(column) instanceof Values.Ints ints) {
      to.put(column, ints.array(), at, width);
    } else {
      to.put(column, ((Values.Floats) from.values(column)).array(), at, width);
    }
  }
}
