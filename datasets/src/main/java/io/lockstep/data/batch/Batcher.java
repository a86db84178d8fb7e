package io.lockstep.data.batch;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.normalize.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Turns rows of blocks into minibatches.
 *
 * <p>Images stay one byte per pixel until here: fields of UINT8 become floats and are normalised
 * now. Sequences are padded with zeros at their end to the longest of the minibatch, and always
 * come with a mask, so that no result depends on which examples happen to meet. Buffers are reused:
 * use a minibatch before asking for another. Not thread-safe.
 */
public final class Batcher {
  private final Schema schema;
  private final List<Normalizer> normalizers;
  private final List<Field> fields;
  private final float[][] floats;
  private final int[][] ints;
  private final float[][] masks;
  private float[] oneExample = new float[0];
  private float[] weights = new float[0];

  /**
   * @param schema of the fields; whether there are weights is asked of each block
   * @param normalizer of the fields of UINT8; all others are taken as they are
   */
  public Batcher(Schema schema, Normalizer normalizer) {
    this(schema, Collections.nCopies(schema.fields().size(), normalizer));
  }

  /**
   * @param schema of the fields; whether there are weights is asked of each block
   * @param normalizers of each field, inputs first, asked where they are UINT8; all others are
   *     taken as they are
   */
  public Batcher(Schema schema, List<Normalizer> normalizers) {
    this.schema = schema;
    this.normalizers = List.copyOf(normalizers);
    fields = schema.fields();
    floats = new float[fields.size()][0];
    ints = new int[fields.size()][0];
    masks = new float[fields.size()][0];
  }

  /** A reference to a row of one of several blocks. */
  public static long row(int block, int row) {
    return (long) block << 32 | row;
  }

  /** A minibatch of rows {@code from} to {@code to - 1} of one block. */
  public Minibatch assemble(Block block, int from, int to) {
    long[] rows = new long[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(0, from + i);
    }
    return assemble(List.of(block), rows);
  }

  /**
   * A minibatch of rows of several blocks.
   *
   * @param rows references made by {@link #row}, in the order of the minibatch
   */
  public Minibatch assemble(List<Block> blocks, long[] rows) {
    List<Tensor> tensors = new ArrayList<>(fields.size());
    for (int column = 0; column < fields.size(); column++) {
      Field field = fields.get(column);
      tensors.add(field.sequence() ? sequence(column, blocks, rows) : fixed(column, blocks, rows));
    }
    int labels = schema.firstLabel();
    return new Minibatch(
        rows.length,
        tensors.subList(0, labels),
        tensors.subList(labels, schema.firstReference()),
        tensors.subList(schema.firstReference(), tensors.size()),
        blocks.stream().anyMatch(block -> block.schema().weighted())
            ? weights(blocks, rows)
            : null);
  }

  private float[] weights(List<Block> blocks, long[] rows) {
    weights = weights.length >= rows.length ? weights : new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      weights[i] = block(blocks, rows[i]).weight((int) rows[i]);
    }
    return weights;
  }

  private static Block block(List<Block> blocks, long reference) {
    return blocks.get((int) (reference >>> 32));
  }

  private Tensor fixed(int column, List<Block> blocks, long[] rows) {
    Field field = fields.get(column);
    int width = field.width();
    int[] shape = shape(rows.length, field, -1);
    int length = length(shape);
    if (field.type() == ElementType.INT32) {
      ints[column] = ints[column].length >= length ? ints[column] : new int[length];
      int[] target = ints[column];
      for (int i = 0; i < rows.length; i++) {
        Block block = block(blocks, rows[i]);
        int[] source = ((Values.Ints) block.values(column)).array();
        System.arraycopy(source, (int) rows[i] * width, target, i * width, width);
      }
      return new Tensor(field, shape, null, target, null);
    }
    float[] target = floats(column, length);
    for (int i = 0; i < rows.length; i++) {
      copy(block(blocks, rows[i]).values(column), (int) rows[i] * width, target, i * width, width);
    }
    if (field.type() == ElementType.UINT8) {
      normalizers.get(column).apply(target, 0, rows.length, width);
    }
    return new Tensor(field.as(ElementType.FLOAT32), shape, target, null, null);
  }

  private static void copy(Values from, int at, float[] target, int offset, int count) {
    if (from instanceof Values.Bytes bytes) {
      byte[] array = bytes.array();
      for (int i = 0; i < count; i++) {
        target[offset + i] = array[at + i] & 0xFF;
      }
    } else if (from instanceof Values.Floats values) {
      System.arraycopy(values.array(), at, target, offset, count);
    } else {
      for (int i = 0; i < count; i++) {
        target[offset + i] = (float) from.at(at + i);
      }
    }
  }

  private Tensor sequence(int column, List<Block> blocks, long[] rows) {
    Field field = fields.get(column);
    int width = field.width();
    int time = 1;
    for (long row : rows) {
      time = Math.max(time, block(blocks, row).steps(column, (int) row));
    }
    int[] shape = shape(rows.length, field, time);
    int length = length(shape);
    float[] mask = mask(column, blocks, rows, time);
    if (field.type() == ElementType.INT32) {
      int[] target = ints[column].length >= length ? ints[column] : new int[length];
      ints[column] = target;
      Arrays.fill(target, 0, length, 0);
      for (int i = 0; i < rows.length; i++) {
        Block block = block(blocks, rows[i]);
        int[] source = ((Values.Ints) block.values(column)).array();
        int from = block.from(column, (int) rows[i]);
        int steps = block.steps(column, (int) rows[i]);
        for (int j = 0; j < width; j++) {
          int to = (i * width + j) * time;
          for (int step = 0; step < steps; step++) {
            target[to + step] = source[from + step * width + j];
          }
        }
      }
      return new Tensor(field, shape, null, target, mask);
    }
    float[] target = floats(column, length);
    Arrays.fill(target, 0, length, 0f);
    for (int i = 0; i < rows.length; i++) {
      int steps = stepsOf(column, block(blocks, rows[i]), (int) rows[i]);
      for (int j = 0; j < width; j++) {
        int to = (i * width + j) * time;
        for (int step = 0; step < steps; step++) {
          target[to + step] = oneExample[step * width + j];
        }
      }
    }
    return new Tensor(field.as(ElementType.FLOAT32), shape, target, null, mask);
  }

  /**
   * Fills {@link #oneExample} with the steps of a row, one after the other; returns their count.
   */
  private int stepsOf(int column, Block block, int row) {
    Field field = fields.get(column);
    int steps = block.steps(column, row);
    int count = steps * field.width();
    oneExample = oneExample.length >= count ? oneExample : new float[count];
    copy(block.values(column), block.from(column, row), oneExample, 0, count);
    if (field.type() == ElementType.UINT8) {
      normalizers.get(column).apply(oneExample, 0, steps, field.width());
    }
    return steps;
  }

  private float[] mask(int column, List<Block> blocks, long[] rows, int time) {
    int length = Math.multiplyExact(rows.length, time);
    masks[column] = masks[column].length >= length ? masks[column] : new float[length];
    float[] mask = masks[column];
    for (int i = 0; i < rows.length; i++) {
      int steps = block(blocks, rows[i]).steps(column, (int) rows[i]);
      Arrays.fill(mask, i * time, i * time + steps, 1f);
      Arrays.fill(mask, i * time + steps, (i + 1) * time, 0f);
    }
    return mask;
  }

  private static int[] shape(int batch, Field field, int time) {
    int rank = field.shape().size();
    int[] shape = new int[1 + rank + (time < 0 ? 0 : 1)];
    shape[0] = batch;
    for (int i = 0; i < rank; i++) {
      shape[1 + i] = field.shape().get(i);
    }
    if (time >= 0) {
      shape[1 + rank] = time;
    }
    return shape;
  }

  private static int length(int[] shape) {
    long length = 1;
    for (int extent : shape) {
      length *= extent;
      if (length > Integer.MAX_VALUE - 8) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "A minibatch of shape %s does not fit an array: make the batch smaller.",
                Arrays.toString(shape)));
      }
    }
    return (int) length;
  }

  private float[] floats(int column, int length) {
    if (floats[column].length < length) {
      floats[column] = new float[length];
    }
    return floats[column];
  }
}
