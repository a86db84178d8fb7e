package io.lockstep.data.exchange;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * How many training examples there are of each class, whatever they weigh. One bucket.
 *
 * <p>A part is a long for each class.
 *
 * @param column of the raw examples that has the ids of their classes
 * @param classes number of them
 */
public record ClassCountFit(int column, int classes) implements Fit<List<Long>> {
  @Override
  public int buckets() {
    return 1;
  }

  @Override
  public Iterator<Part> collect(int split, Iterator<Block> raw, LongPredicate training) {
    long[] counts = new long[classes];
    while (raw.hasNext()) {
      Block block = raw.next();
      Values ids = block.values(column);
      for (int row = 0; row < block.size(); row++) {
        if (training.test(block.id(row))) {
          counts[(int) ids.at(row)]++;
        }
      }
    }
    return List.of(new Part(split, 0, 0, encode(counts))).iterator();
  }

  @Override
  public byte[] merge(Iterator<Part> parts) {
    long[] sums = new long[classes];
    while (parts.hasNext()) {
      ByteBuffer part = ByteBuffer.wrap(parts.next().state());
      for (int id = 0; id < classes; id++) {
        sums[id] += part.getLong();
      }
    }
    return encode(sums);
  }

  @Override
  public List<Long> finish(List<byte[]> merged) {
    ByteBuffer whole = ByteBuffer.wrap(merged.get(0));
    List<Long> counts = new ArrayList<>();
    for (int id = 0; id < classes; id++) {
      counts.add(whole.getLong());
    }
    return counts;
  }

  private static byte[] encode(long[] counts) {
    ByteBuffer bytes = ByteBuffer.allocate(counts.length * Long.BYTES);
    bytes.asLongBuffer().put(counts);
    return bytes.array();
  }
}
