package io.lockstep.bench;

import io.lockstep.data.source.EmbeddedSource;
import io.lockstep.data.ExampleBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** The first digits of the embedded MNIST subset. */
final class Digits {
  private Digits() {}

  static List<Batch> batches(int count, int batch) throws IOException {
    ExampleBlock digits =
        new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN)
            .read(new Configuration(false), IntStream.range(0, count * batch).toArray());
    List<Batch> batches = new ArrayList<>(count);
    for (int first = 0; first < digits.size(); first += batch) {
      batches.add(batch(digits, first, batch));
    }
    return batches;
  }

  private static Batch batch(ExampleBlock digits, int first, int size) {
    float[] pixels = new float[size * digits.width()];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      digits.featuresInto(first + i, pixels, i * digits.width());
      labels[i] = digits.label(first + i);
    }
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] /= 255;
    }
    return new Batch(pixels, labels);
  }
}
