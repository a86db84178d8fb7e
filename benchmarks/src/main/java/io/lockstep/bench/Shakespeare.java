package io.lockstep.bench;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** Windows of the embedded plays, drawn from a fixed seed; the label of a character is the next. */
final class Shakespeare {
  /** Of padding and of unknown characters, as in Lockstep's vocabularies. */
  private static final int RESERVED = 2;

  private Shakespeare() {}

  static List<Batch> batches(int count, int batch, int time, long seed) throws IOException {
    int[] text = ids();
    int windows = (text.length - 1) / time;
    SplittableRandom random = new SplittableRandom(seed);
    List<Batch> batches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] inputs = new float[batch * time];
      int[] labels = new int[inputs.length];
      for (int example = 0; example < batch; example++) {
        int from = random.nextInt(windows) * time;
        for (int t = 0; t < time; t++) {
          inputs[example * time + t] = text[from + t];
          labels[example * time + t] = text[from + t + 1];
        }
      }
      batches.add(new Batch(inputs, labels));
    }
    return batches;
  }

  private static int[] ids() throws IOException {
    Configuration hadoop = new Configuration(false);
    DataFile file = DataFiles.one(hadoop, "embedded:shakespeare-train.txt");
    byte[] bytes;
    try (DataFile.Content content = file.openContent(hadoop)) {
      bytes = content.in().readAllBytes();
    }
    int[] text = new String(bytes, StandardCharsets.UTF_8).codePoints().toArray();
    int[] known = IntStream.of(text).distinct().toArray();
    int[] ids = new int[1 + IntStream.of(known).max().orElseThrow()];
    for (int i = 0; i < known.length; i++) {
      ids[known[i]] = RESERVED + i;
    }
    return IntStream.of(text).map(character -> ids[character]).toArray();
  }
}
