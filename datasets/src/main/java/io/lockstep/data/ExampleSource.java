package io.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * Where examples come from; a value, so that a plan can name it and any JVM can open it.
 *
 * <p>An example is known by its position in the file, counted from 0; that is also its id in an
 * {@link ExampleBlock}.
 */
public sealed interface ExampleSource extends Serializable
    permits IdxSource, CsvSource, EmbeddedSource {
  /**
   * Looks at the source without holding its examples: headers, sizes, labels.
   *
   * @param hadoop decides what paths without a scheme mean
   * @throws InputException if a file is missing, damaged or not what was said of it
   * @throws IOException if the file system fails
   */
  SourceSummary inspect(Configuration hadoop) throws IOException;

  /**
   * Reads some examples; streams, and holds little more than the result.
   *
   * @param positions ascending, without repetition
   * @throws InputException if a file is missing, damaged, has no such position or holds a label
   *     that is not among the classes
   * @throws IOException if the file system fails
   */
  ExampleBlock read(Configuration hadoop, int[] positions) throws IOException;

  /**
   * Returns the same examples with their labels numbered as in {@code labels}.
   *
   * <p>So a test set gets the classes of the training set, and executors need not look for the
   * classes again: {@code source.withLabels(source.inspect(hadoop).labels())}.
   */
  ExampleSource withLabels(Labels labels);
}
