package io.lockstep.spark;

import io.lockstep.ps.StateCodec;
import io.lockstep.ps.TrainingState;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * A state that Spark may carry, in the layout of {@link StateCodec} whichever serializer carries
 * it.
 *
 * <p>As a broadcast it is laid out once by the driver and read once by each JVM, and not at all by
 * tasks in the driver's own JVM.
 */
public final class TravellingState implements Externalizable {
  private static final long serialVersionUID = 1L;

  private transient TrainingState state;

  /** For the serializer only. */
  public TravellingState() {}

  TravellingState(TrainingState state) {
    this.state = state;
  }

  TrainingState state() {
    return state;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    Bytes.write(out, StateCodec.encode(state));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    state = StateCodec.decodeState(Bytes.read(in));
  }
}
