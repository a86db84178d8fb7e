package io.lockstep.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Features and labels in two IDX files, wherever they lie. */
final class IdxPair {
  /** More classes than any network here could have outputs for; a larger label is a mistake. */
  static final int MAX_CLASSES = 1_000_000;

  private final DataFile features;
  private final DataFile labels;
  private final List<String> classes;

  /**
   * @param classes names in label order; empty to number them up to the largest label
   */
  IdxPair(DataFile features, DataFile labels, List<String> classes) {
    this.features = features;
    this.labels = labels;
    this.classes = classes;
  }

  SourceSummary inspect() throws IOException {
    try (IdxFile images = openFeatures();
        IdxFile answers = openLabels(images)) {
      images.checkToEnd();
      Labels found = labels(answers);
      answers.checkToEnd();
      return new SourceSummary(images.rows(), featureType(images), shape(images), found);
    }
  }

  ExampleBlock read(int[] positions) throws IOException {
    try (IdxFile images = openFeatures();
        IdxFile answers = openLabels(images)) {
      ExampleBlock.Features block =
          featureType(images) == FeatureType.UINT8
              ? ExampleBlock.Features.uint8(shape(images), images.readBytes(positions))
              : ExampleBlock.Features.float32(shape(images), images.readFloats(positions));
      if (!answers.type().integral()) {
        return ExampleBlock.ofTargets(
            positions.clone(), block, answers.readFloats(positions), targetWidth(answers));
      }
      int count = classes.isEmpty() ? countClasses() : classes.size();
      int[] values = answers.readInts(positions);
      for (int i = 0; i < values.length; i++) {
        checkLabel(answers, values[i], positions[i], count);
      }
      return ExampleBlock.ofClasses(positions.clone(), block, values, count);
    }
  }

  private IdxFile openFeatures() throws IOException {
    return opened(
        IdxFile.open(features),
        images -> {
          if (images.dimensions().length < 2) {
            throw images.wrong(
                "has one dimension, so it holds labels; as images it must be [n, height, width],"
                    + " [n, channels, height, width] or [n, features]. Are the two files swapped?");
          }
          if (images.rows() == 0) {
            throw images.wrong("holds no examples.");
          }
        });
  }

  private IdxFile openLabels(IdxFile images) throws IOException {
    return opened(
        IdxFile.open(labels),
        answers -> {
          if (answers.dimensions().length > (answers.type().integral() ? 1 : 2)) {
            throw answers.wrong(
                String.format(
                    Locale.ROOT,
                    "has dimensions %s; labels must be whole numbers [n] or floats [n] or [n,"
                        + " width]. Are the two files swapped?",
                    Arrays.toString(answers.dimensions())));
          }
          if (answers.rows() != images.rows()) {
            throw answers.wrong(
                String.format(
                    Locale.ROOT,
                    "has %,d labels, but %s has %,d examples. The two files do not belong"
                        + " together.",
                    answers.rows(),
                    images.name(),
                    images.rows()));
          }
        });
  }

  private interface Check {
    void on(IdxFile file);
  }

  private static IdxFile opened(IdxFile file, Check check) throws IOException {
    try {
      check.on(file);
      return file;
    } catch (RuntimeException e) {
      try (file) {
        throw e;
      }
    }
  }

  private static FeatureType featureType(IdxFile images) {
    return images.type() == IdxFile.Type.UINT8 ? FeatureType.UINT8 : FeatureType.FLOAT32;
  }

  /** Shape of one example; images without channels have one, which networks want first. */
  static int[] shape(IdxFile images) {
    int[] all = images.dimensions();
    return all.length == 3 ? new int[] {1, all[1], all[2]} : Arrays.copyOfRange(all, 1, all.length);
  }

  private static int targetWidth(IdxFile answers) {
    return answers.dimensions().length == 1 ? 1 : answers.dimensions()[1];
  }

  private Labels labels(IdxFile answers) throws IOException {
    if (!answers.type().integral()) {
      int width = targetWidth(answers);
      return new Labels.Targets(
          IntStream.range(0, width).mapToObj(i -> width == 1 ? "target" : "target " + i).toList());
    }
    int most = classes.isEmpty() ? MAX_CLASSES : classes.size();
    int[] largest = {-1};
    answers.forEachInt(
        label -> {
          checkLabel(answers, label, answers.row(), most);
          largest[0] = Math.max(largest[0], label);
        });
    return classes.isEmpty()
        ? Labels.Classes.numbered(largest[0] + 1)
        : new Labels.Classes(classes);
  }

  private int countClasses() throws IOException {
    try (IdxFile answers = IdxFile.open(labels)) {
      return labels(answers).width();
    }
  }

  private void checkLabel(IdxFile answers, int label, int position, int count) {
    if (label >= 0 && label < count) {
      return;
    }
    if (classes.isEmpty()) {
      throw answers.wrong(
          String.format(
              Locale.ROOT,
              "example %,d (counted from 0) has label %,d. Number the classes from 0.",
              position,
              label));
    }
    throw answers.wrong(
        String.format(
            Locale.ROOT,
            "example %,d (counted from 0) has label %d, but there are only the %,d classes %s,"
                + " counted from 0.",
            position,
            label,
            count,
            Labels.abbreviate(classes)));
  }
}
