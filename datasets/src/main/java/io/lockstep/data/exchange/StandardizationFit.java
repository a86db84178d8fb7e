package io.lockstep.data.exchange;

import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Standardization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Mean and deviation of a column of numbers. One bucket, whose parts are merged in the order of the
 * splits: the order decides the last bits.
 *
 * @param column of the raw examples
 * @param width values of one row
 * @param times rows of which an example, or a time step, consists: 1 if each of its values has mean
 *     and deviation of its own
 */
public record StandardizationFit(int column, int width, int times) implements Fit<Standardization> {
  /** Of the first input. */
  public StandardizationFit(int width) {
    this(0, width, 1);
  }

  @Override
  public int buckets() {
    return 1;
  }

  @Override
  public Iterator<Part> collect(int split, Iterator<Block> raw, LongPredicate training) {
    var fit = new Standardization.Fit(width);
    while (raw.hasNext()) {
      Block block = raw.next();
      for (int row = 0; row < block.size(); row++) {
        if (training.test(block.id(row))) {
          fit.add(block, column, row, times);
        }
      }
    }
    return List.of(new Part(split, 0, 0, encode(fit))).iterator();
  }

  @Override
  public byte[] merge(Iterator<Part> parts) {
    List<Part> all = new ArrayList<>();
    parts.forEachRemaining(all::add);
    all.sort(Comparator.comparingInt(Part::split));
    var whole = new Standardization.Fit(width);
    all.forEach(part -> whole.merge(decode(part.state())));
    return encode(whole);
  }

  @Override
  public Standardization finish(List<byte[]> merged) {
    return decode(merged.get(0)).finish().tiled(times);
  }

  private static byte[] encode(Standardization.Fit fit) {
    var bytes = new ByteArrayOutputStream();
    try {
      fit.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private Standardization.Fit decode(byte[] bytes) {
    try {
      return Standardization.Fit.readFrom(
          new DataInputStream(new ByteArrayInputStream(bytes)), width);
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged fit", e);
    }
  }
}
