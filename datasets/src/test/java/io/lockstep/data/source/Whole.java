package io.lockstep.data.source;

import io.lockstep.data.block.Block;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Small sources, read at once. */
public final class Whole {
  private static final Configuration HADOOP = new Configuration();

  private Whole() {}

  public static Settled settled(ExampleSource source) throws IOException {
    return SourceReading.settle(source, HADOOP);
  }

  /** Some examples of a source, by their ids. */
  public static Block rows(ExampleSource source, int... ids) throws IOException {
    return Block.concat(SourceReading.blocks(source, HADOOP)).select(ids);
  }

  public static float[] features(Block block, int row) {
    float[] features = new float[block.schema().inputs().get(0).width()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) block.values(0).at(block.from(0, row) + i);
    }
    return features;
  }

  /** The class of a row. */
  public static int label(Block block, int row) {
    return (int) block.values(1).at(row);
  }
}
