package io.lockstep.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.train.Examples;
import io.lockstep.train.Part;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Reads pieces of a part where they are needed, and again where they were lost.
 *
 * @param hadoop the driver's Hadoop settings
 */
record PieceReader(Examples examples, Part part, Broadcast<byte[]> hadoop) implements Serializable {
  ExampleBlock read(int piece) throws IOException {
    return examples.read(HadoopSettings.decode(hadoop.value()), part, piece);
  }
}
