package io.lockstep.data.source.idx;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples from a pair of IDX files, plain or packed.
 *
 * <p>Features are {@code [n, height, width]} (one channel), {@code [n, channels, height, width]} or
 * {@code [n, features]} of any IDX type; unsigned bytes stay bytes. Labels are whole numbers {@code
 * [n]}, the class counted from 0, or floats {@code [n]} or {@code [n, width]}, to be predicted.
 * Plain files are read in ranges of rows, packed ones as a whole.
 *
 * @param images path of the features
 * @param labels path of the labels
 * @param classes names of the classes in label order; empty to number them up to the largest label
 * @param rows whether an image is a sequence of its rows, {@code [time, features]}
 */
public record IdxSource(String images, String labels, List<String> classes, boolean rows)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** More classes than any network here could have outputs for; a larger label is a mistake. */
  public static final int MAX_CLASSES = 1_000_000;

  public IdxSource {
    classes = List.copyOf(classes);
  }

  /** Images as images. */
  public IdxSource(String images, String labels, List<String> classes) {
    this(images, labels, classes, false);
  }

  /** Makes a source whose classes are numbered. */
  public IdxSource(String images, String labels) {
    this(images, labels, List.of());
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    DataFile features = file(hadoop, images);
    DataFile answers = file(hadoop, labels);
    IdxHeader featureHeader = IdxHeader.of(hadoop, features);
    IdxHeader labelHeader = IdxHeader.of(hadoop, answers);
    check(featureHeader, labelHeader);
    long rows = featureHeader.rows();
    boolean packed = featureHeader.packed() || labelHeader.packed();
    long perSplit =
        packed ? rows : Math.max(1, SourceSplit.BYTES / Math.max(1, featureHeader.rowBytes()));
    List<SourceSplit> splits = new ArrayList<>();
    for (long from = 0; from < rows; from += perSplit) {
      splits.add(new SourceSplit(splits.size(), images, from, Math.min(rows, from + perSplit)));
    }
    return new SourceLayout(
        splits,
        Schema.of(features(featureHeader, rows()), label(labelHeader)),
        List.of(),
        List.of(),
        List.of(),
        features.length() + answers.length());
  }

  /** A file on a Hadoop file system, or in the jar. */
  public static DataFile file(Configuration hadoop, String path) throws IOException {
    return path.startsWith(EmbeddedSource.RESOURCES)
        ? DataFile.resource(path)
        : DataFiles.one(hadoop, path);
  }

  public static void check(IdxHeader features, IdxHeader labels) {
    if (features.shape().isEmpty()) {
      throw features.wrong(
          "has one dimension, so it holds labels; as images it must be [n, height, width],"
              + " [n, channels, height, width] or [n, features]. Are the two files swapped?");
    }
    if (features.rows() == 0) {
      throw features.wrong("holds no examples.");
    }
    if (labels.shape().size() > (labels.type().integral() ? 0 : 1)) {
      throw labels.wrong(
          "has dimensions %s; labels must be whole numbers [n] or floats [n] or [n, width]. Are"
              + " the two files swapped?",
          labels.dimensions());
    }
    if (labels.rows() != features.rows()) {
      throw labels.wrong(
          "has %,d labels, but %s has %,d examples. The two files do not belong together.",
          labels.rows(), features.name(), features.rows());
    }
  }

  public static Field features(IdxHeader header, boolean rows) {
    ElementType type =
        switch (header.type()) {
          case UINT8 -> ElementType.UINT8;
          case FLOAT64 -> ElementType.FLOAT64;
          default -> ElementType.FLOAT32;
        };
    List<Integer> shape = new ArrayList<>(header.shape());
    if (rows && shape.size() == 3 && shape.get(0) == 1) {
      shape.remove(0);
    }
    if (rows && shape.size() != 2) {
      throw header.wrong(
          "has examples of shape %s; `as: rows` needs images of one channel, [n, height, width].",
          shape);
    }
    if (!rows && shape.size() == 2) {
      shape.add(0, 1); // images without channels have one, which networks want first
    }
    return new Field("features", type, shape, false);
  }

  private static Field label(IdxHeader header) {
    return header.type().integral()
        ? Field.of("class", ElementType.INT32)
        : new Field(
            "target",
            ElementType.FLOAT32,
            header.shape().isEmpty() ? List.of(1) : header.shape(),
            false);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    return IdxReader.open(
        hadoop, file(hadoop, images), file(hadoop, labels), layout.schema(), split, classes);
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    for (SplitReport report : reports) {
      for (SplitReport.Problem problem : report.problems()) {
        throw new InputException(problem.message());
      }
    }
    Settled settled = Settled.of(layout, reports, Labels.Classes.numbered(1), false);
    return settled.withLabels(labels(layout.schema(), settled.labelRange(0)));
  }

  private Labels labels(Schema schema, Range range) {
    Field label = schema.labels().get(0);
    if (label.type() != ElementType.INT32) {
      int width = label.width();
      return new Labels.Targets(
          IntStream.range(0, width).mapToObj(i -> width == 1 ? "target" : "target " + i).toList());
    }
    return classes.isEmpty()
        ? Labels.Classes.numbered((int) range.largest() + 1)
        : new Labels.Classes(classes);
  }

  @Override
  public IdxSource like(Labels known, List<String> columns) {
    return known instanceof Labels.Classes
        ? new IdxSource(images, labels, known.names(), rows)
        : new IdxSource(images, labels, List.of(), rows);
  }

  @Override
  public IdxSource toScore(ToScore how) {
    return this;
  }

  @Override
  public boolean splitsAreRows() {
    return true;
  }

  @Override
  public String name() {
    return images;
  }
}
