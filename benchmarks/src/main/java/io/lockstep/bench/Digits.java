package io.lockstep.bench;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.idx.EmbeddedSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The first digits of the embedded MNIST subset. */
final class Digits {
  private Digits() {}

  static List<Batch> batches(int count, int batch) throws IOException {
    Block digits =
        Block.concat(
            SourceReading.blocks(
                new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN),
                new Configuration(false)));
    List<Batch> batches = new ArrayList<>(count);
    for (int first = 0; first < count * batch; first += batch) {
      batches.add(batch(digits, first, batch));
    }
    return batches;
  }

  private static Batch batch(Block digits, int first, int size) {
    int width = digits.schema().inputs().get(0).width();
    float[] pixels = new float[size * width];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < width; j++) {
        pixels[i * width + j] = (float) digits.values(0).at((first + i) * width + j);
      }
      labels[i] = (int) digits.values(1).at(first + i);
    }
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] /= 255;
    }
    return new Batch(pixels, labels);
  }
}
