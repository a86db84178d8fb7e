package io.lockstep.data;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples from a pair of IDX files, plain or gzip.
 *
 * <p>Features are {@code [n, height, width]} (one channel), {@code [n, channels, height, width]} or
 * {@code [n, features]} of any IDX type; unsigned bytes stay bytes. Labels are whole numbers {@code
 * [n]}, the class counted from 0, or floats {@code [n]} or {@code [n, width]}, to be predicted.
 *
 * @param images path of the features
 * @param labels path of the labels
 * @param classes names of the classes in label order; empty to number them up to the largest label
 */
public record IdxSource(String images, String labels, List<String> classes)
    implements ExampleSource {
  public IdxSource {
    classes = List.copyOf(classes);
  }

  /** Makes a source whose classes are numbered. */
  public IdxSource(String images, String labels) {
    this(images, labels, List.of());
  }

  @Override
  public SourceSummary inspect(Configuration hadoop) throws IOException {
    return pair(hadoop).inspect();
  }

  @Override
  public ExampleBlock read(Configuration hadoop, int[] positions) throws IOException {
    return pair(hadoop).read(positions);
  }

  private IdxPair pair(Configuration hadoop) throws IOException {
    return new IdxPair(DataFile.of(hadoop, images), DataFile.of(hadoop, labels), classes);
  }

  @Override
  public IdxSource withLabels(Labels known) {
    return known instanceof Labels.Classes
        ? new IdxSource(images, labels, known.names())
        : new IdxSource(images, labels);
  }
}
