package io.lockstep.data.source.idx;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples that ship within the jar, so that everything can be tried without a download.
 *
 * <p>{@code mnist-10k}: 10,000 training and 2,000 test digits of MNIST, every sixth and every fifth
 * of the originals; see NOTICE.
 *
 * @param name one of {@link #names}
 * @param part which of its two files
 * @param rows whether an image is a sequence of its rows, {@code [time, features]}
 */
public record EmbeddedSource(String name, Part part, boolean rows) implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** Where the embedded files lie on the class path. */
  public static final String RESOURCES = "/io/lockstep/data/";

  private static final String MNIST = "mnist-10k";

  /** The two halves of an embedded set, as its authors divided it. */
  public enum Part {
    /** To train and validate on. */
    TRAIN("train"),
    /** To test on. */
    TEST("t10k");

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * @throws InputException if nothing of this name is embedded
   */
  public EmbeddedSource {
    if (!names().contains(name)) {
      throw new InputException(
          "No data set '"
              + name
              + "' is embedded. Embedded are: "
              + String.join(", ", names())
              + ". Larger ones come with: lockstep datasets fetch.");
    }
  }

  /** Images as images. */
  public EmbeddedSource(String name, Part part) {
    this(name, part, false);
  }

  /** Names of all embedded sets. */
  public static List<String> names() {
    return List.of(MNIST);
  }

  public IdxSource files() {
    String prefix = RESOURCES + name + "/" + part.prefix;
    return new IdxSource(
        prefix + "-images-idx3-ubyte.gz",
        prefix + "-labels-idx1-ubyte.gz",
        Labels.Classes.numbered(10).names(),
        rows);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return files().layout(hadoop);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    return files().open(hadoop, layout, split);
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return files().settle(layout, reports);
  }

  @Override
  public EmbeddedSource like(Labels labels, List<String> columns) {
    if (!labels.names().equals(Labels.Classes.numbered(10).names())) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has the classes 0 to 9, which are not those of the training data: %s.",
              name,
              Labels.abbreviate(labels.names())));
    }
    return this;
  }

  @Override
  public EmbeddedSource toScore(ToScore how) {
    return this;
  }

  @Override
  public boolean splitsAreRows() {
    return true;
  }
}
