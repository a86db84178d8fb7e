package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @Test
  void imagesStayBytesWithOneChannel() throws IOException {
    IdxSource source = source(Idx.images(3, 4, 5), Idx.labels(2, 0, 1));
    assertThat(source.inspect(HADOOP))
        .isEqualTo(
            new SourceSummary(
                3, FeatureType.UINT8, new int[] {1, 4, 5}, Labels.Classes.numbered(3)));
    ExampleBlock block = source.read(HADOOP, new int[] {0, 2});
    assertThat(block.type()).isEqualTo(FeatureType.UINT8);
    assertThat(features(block, 1)).startsWith(40, 41, 42);
    assertThat(block.id(1)).isEqualTo(2);
    assertThat(block.label(1)).isEqualTo(1);
    assertThat(block.labelWidth()).isEqualTo(3);
  }

  @Test
  void gzipIsRecognisedByItsBytesNotByItsName() throws IOException {
    byte[] images = Idx.images(300, 28, 28);
    byte[] labels = Idx.labels(IntStream.range(0, 300).map(i -> i % 10).toArray());
    int[] positions = {0, 7, 8, 150, 299};
    ExampleBlock plain = source(images, labels).read(HADOOP, positions);
    ExampleBlock packed =
        new IdxSource(
                Idx.write(folder, "packed-without-suffix", Idx.gzip(images)),
                Idx.write(folder, "plain.gz", labels))
            .read(HADOOP, positions);
    assertThat(packed.contentHash()).isEqualTo(plain.contentHash());
  }

  @Test
  void allSubsetsAgreeWithTheWhole() throws IOException {
    IdxSource source =
        source(Idx.images(7, 3, 3), Idx.gzip(Idx.labels(0, 1, 2, 3, 4, 5, 6)))
            .withLabels(Labels.Classes.numbered(7));
    ExampleBlock all = source.read(HADOOP, IntStream.range(0, 7).toArray());
    for (int mask = 0; mask < 128; mask++) {
      int chosen = mask;
      int[] positions = IntStream.range(0, 7).filter(i -> (chosen >> i & 1) == 1).toArray();
      ExampleBlock some = source.read(HADOOP, positions);
      assertThat(some.size()).isEqualTo(positions.length);
      for (int row = 0; row < positions.length; row++) {
        assertThat(some.id(row)).isEqualTo(positions[row]);
        assertThat(some.label(row)).isEqualTo(positions[row]);
        assertThat(features(some, row)).isEqualTo(features(all, positions[row]));
      }
    }
  }

  @Test
  void everyTypeOfNumberIsRead() throws IOException {
    ByteBuffer shorts = ByteBuffer.allocate(4).putShort((short) -300).putShort((short) 7);
    ByteBuffer ints = ByteBuffer.allocate(8).putInt(-70_000).putInt(7);
    ByteBuffer doubles = ByteBuffer.allocate(16).putDouble(-0.25).putDouble(7);
    assertThat(row(Idx.UINT8, new byte[] {-1, 7})).containsExactly(255, 7);
    assertThat(row(Idx.INT8, new byte[] {-1, 7})).containsExactly(-1, 7);
    assertThat(row(Idx.INT16, shorts.array())).containsExactly(-300, 7);
    assertThat(row(Idx.INT32, ints.array())).containsExactly(-70_000, 7);
    assertThat(row(Idx.FLOAT, Idx.floats(-0.25f, 7))).containsExactly(-0.25f, 7);
    assertThat(row(Idx.DOUBLE, doubles.array())).containsExactly(-0.25f, 7);
  }

  private float[] row(int type, byte[] values) throws IOException {
    IdxSource source = source(Idx.of(type, new int[] {1, 2}, values), Idx.labels(0));
    assertThat(source.inspect(HADOOP).shape()).containsExactly(2);
    return features(source.read(HADOOP, new int[] {0}), 0);
  }

  @Test
  void channelsAreKept() throws IOException {
    IdxSource source =
        source(Idx.of(Idx.UINT8, new int[] {2, 3, 4, 5}, new byte[120]), Idx.labels(0, 1));
    assertThat(source.inspect(HADOOP).shape()).containsExactly(3, 4, 5);
  }

  @Test
  void floatLabelsAreNumbersToBePredicted() throws IOException {
    IdxSource one =
        source(Idx.images(2, 2, 2), Idx.of(Idx.FLOAT, new int[] {2}, Idx.floats(0.5f, -1)));
    assertThat(one.inspect(HADOOP).labels()).isEqualTo(new Labels.Targets(List.of("target")));
    IdxSource two =
        source(
            Idx.images(2, 2, 2), Idx.of(Idx.FLOAT, new int[] {2, 2}, Idx.floats(0.5f, -1, 2, 3)));
    assertThat(two.inspect(HADOOP).labels().names()).containsExactly("target 0", "target 1");
    ExampleBlock block = two.read(HADOOP, new int[] {1});
    float[] targets = new float[2];
    block.labelsInto(0, targets, 0, 2);
    assertThat(targets).containsExactly(2, 3);
  }

  @Test
  void classesCanBeNamed() throws IOException {
    IdxSource source =
        new IdxSource(
            Idx.write(folder, "i", Idx.images(2, 2, 2)),
            Idx.write(folder, "l", Idx.labels(0, 1)),
            List.of("cat", "dog", "fox"));
    assertThat(source.inspect(HADOOP).labels().names()).containsExactly("cat", "dog", "fox");
    assertThat(source.read(HADOOP, new int[] {1}).labelWidth()).isEqualTo(3);
  }

  @Test
  void aTestSetTakesTheClassesOfTheTrainingSet() throws IOException {
    IdxSource test =
        source(Idx.images(1, 2, 2), Idx.labels(0)).withLabels(Labels.Classes.numbered(10));
    assertThat(test.inspect(HADOOP).labels().width()).isEqualTo(10);
    assertThat(test.read(HADOOP, new int[] {0}).labelWidth()).isEqualTo(10);
  }

  @Test
  void pathsMayHaveASchemeOrBeRelativeToTheDefaultFileSystem() throws IOException {
    IdxSource source = source(Idx.images(1, 2, 2), Idx.labels(0));
    IdxSource withScheme = new IdxSource("file:" + source.images(), "file://" + source.labels());
    assertThat(withScheme.inspect(HADOOP)).isEqualTo(source.inspect(HADOOP));
    Path here = Path.of("").toAbsolutePath();
    IdxSource relative =
        new IdxSource(
            here.relativize(Path.of(source.images())).toString(),
            here.relativize(Path.of(source.labels())).toString());
    assertThat(relative.inspect(HADOOP)).isEqualTo(source.inspect(HADOOP));
  }

  @Test
  void readingNothingIsAllowed() throws IOException {
    assertThat(source(Idx.images(1, 2, 2), Idx.labels(0)).read(HADOOP, new int[0]).size()).isZero();
  }

  @Test
  void truncationsAtEveryByteAreFoundByInspection() throws IOException {
    byte[] images = Idx.images(2, 2, 2);
    byte[] labels = Idx.labels(0, 1);
    String labelsPath = Idx.write(folder, "l", labels);
    for (int length = 0; length < images.length; length++) {
      byte[] cut = Arrays.copyOf(images, length);
      IdxSource plain = new IdxSource(Idx.write(folder, "plain", cut), labelsPath);
      IdxSource packed = new IdxSource(Idx.write(folder, "packed", Idx.gzip(cut)), labelsPath);
      assertThatThrownBy(() -> plain.inspect(HADOOP)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> packed.inspect(HADOOP)).isInstanceOf(InputException.class);
    }
    byte[] packed = Idx.gzip(images);
    for (int length = 0; length < packed.length; length++) {
      IdxSource source =
          new IdxSource(Idx.write(folder, "cut", Arrays.copyOf(packed, length)), labelsPath);
      assertThatThrownBy(() -> source.inspect(HADOOP))
          .as("gzip cut at %s", length)
          .isInstanceOf(InputException.class);
    }
  }

  private IdxSource source(byte[] images, byte[] labels) throws IOException {
    return new IdxSource(Idx.write(folder, "images", images), Idx.write(folder, "labels", labels));
  }

  private static float[] features(ExampleBlock block, int row) {
    float[] features = new float[block.width()];
    block.featuresInto(row, features, 0);
    return features;
  }
}
