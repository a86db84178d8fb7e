package io.lockstep.spark;

import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundStart;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.io.Writable;

/**
 * What replicas start from, as a broadcast carries it: the state laid out by {@link StateCodec},
 * then {@code int32} carries, each {@code int32 length | float32 * length}.
 *
 * <p>A stream, so a state of several gigabytes travels. As a broadcast it is laid out once by the
 * driver and read once by each JVM, and not at all by tasks in the driver's own JVM. {@link
 * Luggage} says why it is a Writable.
 */
final class TravellingStart implements Writable {
  private RoundStart start;

  /** For reading only. */
  TravellingStart() {}

  TravellingStart(RoundStart start) {
    this.start = start;
  }

  RoundStart start() {
    return start;
  }

  /** Bytes that {@link #write} writes. */
  long bytes() {
    return StateCodec.bytes(start.state())
        + Integer.BYTES
        + start.carries().stream().mapToLong(StateCodec::vectorBytes).sum();
  }

  @Override
  public void write(DataOutput to) throws IOException {
    StateCodec.write(start.state(), to);
    to.writeInt(start.carries().size());
    for (float[] carry : start.carries()) {
      StateCodec.writeVector(carry, to);
    }
  }

  @Override
  public void readFields(DataInput from) throws IOException {
    var state = StateCodec.readState(from);
    List<float[]> carries = new ArrayList<>();
    for (int count = from.readInt(); count > 0; count--) {
      carries.add(StateCodec.readVector(from));
    }
    start = new RoundStart(state, carries);
  }
}
