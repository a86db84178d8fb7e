package io.lockstep.data.normalize;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each number occurs, for medians and the most frequent value. Exact up to {@link #MOST}
 * different numbers; then numbers that differ in their last bits only become one, one bit at a time
 * until they fit. So what is known depends on the numbers alone, not on how they were cut and
 * merged. Not thread-safe.
 */
final class ValueSketch {
  static final int MOST = 1 << 16;
  private static final int BITS = 64;

  private Map<Long, Long> counts = new TreeMap<>();
  private int dropped; // last bits

  void add(double value) {
    counts.merge(key(value) >> dropped, 1L, Long::sum);
    fit();
  }

  void merge(ValueSketch later) {
    int coarser = Math.max(dropped, later.dropped);
    coarsen(coarser);
    later.counts.forEach(
        (key, count) -> counts.merge(key >> (coarser - later.dropped), count, Long::sum));
    fit();
  }

  private void fit() {
    while (counts.size() > MOST) {
      coarsen(dropped + 1);
    }
  }

  private void coarsen(int bits) {
    int more = bits - dropped;
    if (more > 0) {
      Map<Long, Long> coarse = new TreeMap<>();
      counts.forEach((key, count) -> coarse.merge(key >> more, count, Long::sum));
      counts = coarse;
      dropped = bits;
    }
  }

  /** A number's bits, in the order of numbers; -0 is 0. */
  private static long key(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> (BITS - 1)) & Long.MAX_VALUE);
  }

  /** The smallest number with a key. */
  private double value(long key) {
    long bits = key << dropped;
    return Double.longBitsToDouble(bits ^ ((bits >> (BITS - 1)) & Long.MAX_VALUE));
  }

  /** The number in the middle; of an even count the mean of both. */
  double median() {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    double low = at((all - 1) / 2);
    double high = at(all / 2);
    return low + (high - low) / 2;
  }

  private double at(long rank) {
    long before = 0;
    for (Map.Entry<Long, Long> each : counts.entrySet()) {
      before += each.getValue();
      if (before > rank) {
        return value(each.getKey());
      }
    }
    return Double.NaN;
  }

  /** What occurs most often, the smallest of several. */
  double mostFrequent() {
    double found = Double.NaN;
    long most = 0;
    for (Map.Entry<Long, Long> each : counts.entrySet()) {
      if (each.getValue() > most) {
        most = each.getValue();
        found = value(each.getKey());
      }
    }
    return found;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeByte(dropped);
    out.writeInt(counts.size());
    for (Map.Entry<Long, Long> each : counts.entrySet()) {
      out.writeLong(each.getKey());
      out.writeLong(each.getValue());
    }
  }

  static ValueSketch readFrom(DataInput in) throws IOException {
    var sketch = new ValueSketch();
    sketch.dropped = in.readUnsignedByte();
    int size = in.readInt();
    if (size < 0 || size > MOST || sketch.dropped >= BITS) {
      throw new IOException("a sketch of " + size + " values");
    }
    for (int i = 0; i < size; i++) {
      sketch.counts.put(in.readLong(), in.readLong());
    }
    return sketch;
  }
}
