package io.lockstep.train;

import io.lockstep.data.ExampleBlock;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * The examples of a run, cut into as many pieces per part as there are replicas; a value, so that
 * any JVM can read any piece, and read it again after a loss. Implementations are immutable.
 */
public interface Examples extends Serializable {
  /** Number of examples of {@code part}, 0 if the run has none. */
  int count(Part part);

  /** Reads piece {@code k} of {@code part}; for training, the shard of replica {@code k}. */
  ExampleBlock read(Configuration hadoop, Part part, int k) throws IOException;
}
