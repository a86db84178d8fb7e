package io.lockstep.data.source.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lockstep.data.InputException;
import io.lockstep.data.source.Whole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of wrong IDX file gets one message that names the file, the fault and the remedy. */
class BadIdxTest {
  private static final byte[] TWO_IMAGES = Idx.images(2, 2, 2);
  private static final byte[] TWO_LABELS = Idx.labels(0, 1);

  @TempDir Path folder;

  static Stream<Arguments> wrongFiles() throws IOException {
    byte[] pixels = new byte[8];
    return Stream.of(
        arguments("empty", new byte[0], TWO_LABELS, "images: is too short to be an IDX file"),
        arguments(
            "not IDX",
            "Hello, world".getBytes(StandardCharsets.UTF_8),
            TWO_LABELS,
            "begins with 48656c6c"),
        arguments(
            "unknown type",
            Idx.of(0x0A, new int[] {2, 2, 2}, pixels),
            TWO_LABELS,
            "value type 0x0a; known are 08 (uint8)"),
        arguments(
            "no dimensions", Idx.of(Idx.UINT8, new int[0], pixels), TWO_LABELS, "0 dimensions"),
        arguments(
            "negative dimension",
            Idx.of(Idx.UINT8, new int[] {2, -2, 2}, pixels),
            TWO_LABELS,
            "dimension 1 is 4294967294, which cannot be"),
        arguments(
            "says more than it holds",
            Idx.of(Idx.UINT8, new int[] {60_000, 28, 28}, pixels),
            TWO_LABELS,
            "says UINT8 [60000, 28, 28], which is 47,040,016 bytes with the header, but the file"
                + " holds 24. It is cut short or damaged: get it again."),
        arguments(
            "says more than any file holds",
            Idx.of(Idx.DOUBLE, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, pixels),
            TWO_LABELS,
            "cut short or damaged"),
        arguments(
            "says examples of many gigabytes",
            Idx.of(Idx.UINT8, new int[] {1, 1 << 20, 1 << 20}, pixels),
            TWO_LABELS,
            "more than one example may have"),
        arguments(
            "says less than it holds",
            Idx.of(Idx.UINT8, new int[] {1, 2, 2}, pixels),
            TWO_LABELS,
            "It is not what it says"),
        arguments(
            "gzip says more than it can hold",
            Idx.gzip(Idx.of(Idx.UINT8, new int[] {2_000_000, 28, 28}, pixels)),
            TWO_LABELS,
            "but the file holds at most"),
        arguments(
            "gzip says more than it holds",
            Idx.gzip(Idx.of(Idx.UINT8, new int[] {2, 2, 3}, pixels)),
            TWO_LABELS,
            "images: cut short or damaged"),
        arguments(
            "gzip says less than it holds",
            Idx.gzip(Idx.of(Idx.UINT8, new int[] {2, 1, 2}, pixels)),
            TWO_LABELS,
            "holds more than the UINT8 [2, 1, 2] of its IDX header"),
        arguments(
            "gzip cut short",
            Arrays.copyOf(Idx.gzip(TWO_IMAGES), 20),
            TWO_LABELS,
            "images: cut short or damaged"),
        arguments("no examples", Idx.images(0, 2, 2), Idx.labels(), "holds no examples"),
        arguments("swapped", TWO_LABELS, TWO_IMAGES, "Are the two files swapped?"),
        arguments("two images", TWO_IMAGES, TWO_IMAGES, "labels: has dimensions [2, 2, 2]"),
        arguments("other count", TWO_IMAGES, Idx.labels(1, 2, 3), "has 3 labels, but " /* path */),
        arguments(
            "negative label",
            TWO_IMAGES,
            Idx.of(Idx.INT8, new int[] {2}, new byte[] {0, -1}),
            "labels: example 1 (counted from 0) has label -1. Number the classes from 0."),
        arguments(
            "absurd label",
            TWO_IMAGES,
            Idx.of(Idx.INT32, new int[] {2}, new byte[] {0, 0, 0, 0, 0x7F, 0, 0, 0}),
            "has label 2,130,706,432"),
        arguments(
            "NaN",
            Idx.of(Idx.FLOAT, new int[] {2, 1}, Idx.floats(1, Float.NaN)),
            TWO_LABELS,
            "images: example 1 (counted from 0) holds NaN"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFiles")
  void oneMessageNamesFileFaultAndRemedy(
      String fault, byte[] images, byte[] labels, String expected) throws IOException {
    IdxSource source =
        new IdxSource(Idx.write(folder, "images", images), Idx.write(folder, "labels", labels));
    assertThatThrownBy(
            () -> {
              Whole.settled(source);
              Whole.rows(source, 0, 1);
            })
        .as(fault)
        .isInstanceOf(InputException.class)
        .hasMessageContaining(expected)
        .hasMessageStartingWith(folder.toString());
  }

  @Test
  void aLabelOutsideTheNamedClassesIsFoundByInspectionAndByReading() throws IOException {
    IdxSource source =
        new IdxSource(
            Idx.write(folder, "images", TWO_IMAGES),
            Idx.write(folder, "labels", Idx.labels(0, 2)),
            List.of("cat", "dog"));
    String expected =
        "labels: example 1 (counted from 0) has label 2, but there are only the 2 classes cat, dog,"
            + " counted from 0.";
    assertThatThrownBy(() -> Whole.settled(source)).hasMessageEndingWith(expected);
    assertThatThrownBy(() -> Whole.rows(source, 0, 1)).hasMessageEndingWith(expected);
  }

  @Test
  void missingFilesAreNamedWithThePlaceThatWasLookedAt() {
    IdxSource source = new IdxSource("no/such/images", "no/such/labels");
    assertThatThrownBy(() -> Whole.settled(source))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no/such/images: no such file (looked at file:/")
        .hasMessageContaining("/no/such/images). Correct the path: it is taken relative to file:/")
        .hasMessageEndingWith(
            " (the working directory, not the folder of the plan); or give an absolute one.");
  }

  @Test
  void aMissingFileGivenWholeIsNotSaidToBeRelative() {
    assertWrong("/no/such/file", "/no/such/file: no such file (looked at file:/no/such/file).");
    assertWrong("/no/such/file", "one without a scheme such as hdfs: or file: is on file:///.");
    assertWrong("file:/no/such/file", "file:/no/such/file: no such file. Correct the path.");
  }

  @Test
  void foldersUnknownSchemesAndNonsenseAreNoFiles() throws IOException {
    assertWrong(folder.toString(), "is a folder, name a file in it");
    assertWrong("gopher://x/y", "no file system for its scheme");
    assertWrong("", "not a path");
    assertWrong("hdfs://no-such-host.invalid:8020/x", "no-such-host.invalid");
  }

  private static void assertWrong(String path, String expected) {
    assertThatThrownBy(() -> Whole.settled(new IdxSource(path, path)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void filesStayClosedAfterAnError() throws IOException {
    String path = Idx.write(folder, "images", new byte[3]);
    assertThatThrownBy(() -> Whole.settled(new IdxSource(path, path)))
        .isInstanceOf(InputException.class);
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(open.map(BadIdxTest::target)).doesNotContain(path);
    } catch (java.nio.file.NoSuchFileException e) {
      org.junit.jupiter.api.Assumptions.abort("no /proc here");
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
