package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.SplitReport;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;
import org.apache.spark.SerializableWritable;

/**
 * What Spark keeps of data: a block of examples, or the report of a split after its last block.
 *
 * <p>Layout: a byte, 1 for a block in its own layout, 2 for a report ({@code int32 length}, then
 * its own layout). {@link Luggage} says why it is a Writable.
 */
final class Crate implements Writable {
  private Block block;
  private byte[] report;

  /** For reading only. */
  Crate() {}

  static SerializableWritable<Crate> of(Block block) {
    var crate = new Crate();
    crate.block = block;
    return new SerializableWritable<>(crate);
  }

  static SerializableWritable<Crate> of(SplitReport report) {
    var crate = new Crate();
    crate.report = report.encode();
    return new SerializableWritable<>(crate);
  }

  /** The block, null if this is a report. */
  Block block() {
    return block;
  }

  /** The encoded report, null if this is a block. */
  byte[] report() {
    return report;
  }

  @Override
  public void write(DataOutput to) throws IOException {
    to.writeByte(block != null ? 1 : 2);
    if (block != null) {
      block.writeTo(to);
    } else {
      to.writeInt(report.length);
      to.write(report);
    }
  }

  @Override
  public void readFields(DataInput from) throws IOException {
    if (from.readByte() == 1) {
      block = Block.readFrom(from);
    } else {
      report = new byte[from.readInt()];
      from.readFully(report);
    }
  }
}
