package io.lockstep.train;

import io.lockstep.data.Minibatch;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import java.util.stream.IntStream;

/** Asks a network about itself by letting it compute. */
public final class Probe {
  private Probe() {}

  /** Number of values that the network puts out for one example of {@code shape}. */
  public static int outputs(ReplicaFactory networks, int[] shape) {
    int width = IntStream.of(shape).reduce(1, Math::multiplyExact);
    try (Replica network = networks.create()) {
      return network.output(new Minibatch(1, new float[width], shape, new float[0], 0)).length;
    }
  }
}
