package io.lockstep.data.exchange;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.normalize.Encoding;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.text.TextOptions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of raw examples, one block at a time, before networks are given them: numbers that
 * are no bytes are normalised, texts become ids of tokens. Immutable.
 */
public final class Prepared implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Schema raw;
  private final TextOptions text; // null if the first input is no text
  private final Preparation preparation;

  /**
   * @param raw schema of the blocks that readers make
   * @param text how texts become tokens; empty if the first input is no text
   * @param preparation of inputs and of what is to be predicted
   */
  public Prepared(Schema raw, Optional<TextOptions> text, Preparation preparation) {
    this.raw = raw;
    this.text = text.orElse(null);
    this.preparation = preparation;
  }

  /** What each example then has: all numbers but images are FLOAT32, texts INT32. */
  public Schema schema() {
    Schema numbers = numbers(raw);
    return text == null ? numbers : TokenBlocks.schema(numbers, text);
  }

  private Schema numbers(Schema own) {
    List<Field> inputs = new ArrayList<>();
    for (Field field : own.inputs()) {
      inputs.add(
          preparation.input(inputs.size()) instanceof Encoding encoding
              ? Field.of(field.name(), ElementType.FLOAT32, encoding.width(field.width()))
              : floats(field));
    }
    return new Schema(
        inputs,
        own.labels().stream().map(Prepared::floats).toList(),
        own.references().stream().map(Prepared::floats).toList(),
        own.weighted(),
        own.keyed());
  }

  private static Field floats(Field field) {
    return field.type() == ElementType.FLOAT64 ? field.as(ElementType.FLOAT32) : field;
  }

  /** The same examples as networks are given them, but for images, which stay bytes. */
  public Block of(Block block) {
    Block numbers = numbers(block);
    return text == null
        ? numbers
        : new TokenBlocks(schema(), preparation.text().orElseThrow(), text).prepared(numbers);
  }

  private Block numbers(Block block) {
    Schema own = block.schema();
    List<Field> fields = own.fields();
    Values[] columns = new Values[fields.size()];
    for (int column = 0; column < columns.length; column++) {
      Values values = block.values(column);
      ElementType type = values.type();
      boolean numbers = type == ElementType.FLOAT32 || type == ElementType.FLOAT64;
      Normalizer normalizer = normalizer(own, column);
      boolean changed = !(normalizer instanceof Normalizer.Identity);
      columns[column] =
          numbers && (changed || type == ElementType.FLOAT64)
              ? floats(values, fields.get(column).width(), normalizer)
              : values;
    }
    return block.withColumns(numbers(own), columns);
  }

  private Normalizer normalizer(Schema own, int column) {
    if (column >= own.firstReference()) {
      return new Normalizer.Identity();
    }
    return column < own.firstLabel()
        ? preparation.input(column)
        : preparation.output(column - own.firstLabel());
  }

  private static Values floats(Values values, int width, Normalizer function) {
    int made = function.width(width);
    float[] floats = new float[values.length() / width * made];
    for (int at = 0, to = 0; at < values.length(); at += width, to += made) {
      function.apply(values, at, floats, to, width);
    }
    return new Values.Floats(floats);
  }
}
