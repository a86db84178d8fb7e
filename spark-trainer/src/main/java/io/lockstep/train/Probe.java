package io.lockstep.train;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Field;
import io.lockstep.ingest.Dealt.Feeding;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import java.util.List;

/** Asks a network about itself by letting it compute. */
public final class Probe {
  private Probe() {}

  /**
   * Number of values that each output of the network puts out for one example (of one step) of
   * zeros, in the order in which the data has their labels.
   */
  public static List<Integer> outputs(ReplicaFactory networks, Feeding feeding) {
    try (Replica network = networks.create()) {
      return network.outputs(zeros(feeding)).stream().map(values -> values.length).toList();
    }
  }

  /** A minibatch of one example (of one step) of zeros. */
  public static Minibatch zeros(Feeding feeding) {
    return feeding.batcher().assemble(zero(feeding), 0, 1);
  }

  private static Block zero(Feeding feeding) {
    var builder = new BlockBuilder(feeding.schema(), 1);
    builder.begin(0);
    List<Field> fields = feeding.schema().fields();
    for (int column = 0; column < fields.size(); column++) {
      int width = fields.get(column).width();
      switch (fields.get(column).type()) {
        case UINT8 -> builder.put(column, new byte[width], 0, width);
        case INT32 -> builder.put(column, new int[width], 0, width);
        case FLOAT32 -> builder.put(column, new float[width], 0, width);
        case FLOAT64 -> throw new IllegalArgumentException("not prepared: " + fields.get(column));
      }
    }
    builder.end();
    return builder.build();
  }
}
