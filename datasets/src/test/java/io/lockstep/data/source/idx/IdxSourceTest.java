package io.lockstep.data.source.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.Whole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void anImageMayBeASequenceOfItsRows() throws IOException {
    IdxSource images = source(Idx.images(3, 4, 5), Idx.labels(2, 0, 1));
    var rows = new IdxSource(images.images(), images.labels(), List.of(), true);
    Settled settled = Whole.settled(rows);
    assertThat(settled.shape()).containsExactly(4, 5);
    assertThat(settled.schema().inputs().get(0).sequence()).isFalse();
    assertThat(rows.like(settled.labels(), List.of()).rows()).isTrue();
    IdxSource coloured =
        source(Idx.of(Idx.UINT8, new int[] {2, 3, 4, 5}, new byte[120]), Idx.labels(0, 1));
    assertThatThrownBy(
            () ->
                Whole.settled(new IdxSource(coloured.images(), coloured.labels(), List.of(), true)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "examples of shape [3, 4, 5]; `as: rows` needs images of one channel");
  }

  @Test
  void imagesStayBytesWithOneChannel() throws IOException {
    IdxSource source = source(Idx.images(3, 4, 5), Idx.labels(2, 0, 1));
    Settled settled = Whole.settled(source);
    assertThat(settled.examples()).isEqualTo(3);
    assertThat(settled.shape()).containsExactly(1, 4, 5);
    assertThat(settled.labels()).isEqualTo(Labels.Classes.numbered(3));
    Block block = Whole.rows(source, 0, 2);
    assertThat(block.schema().inputs().get(0).type()).isEqualTo(ElementType.UINT8);
    assertThat(Whole.features(block, 1)).startsWith(40, 41, 42);
    assertThat(block.id(1)).isEqualTo(2);
    assertThat(Whole.label(block, 1)).isEqualTo(1);
  }

  @Test
  void gzipIsRecognisedByItsBytesNotByItsName() throws IOException {
    byte[] images = Idx.images(300, 28, 28);
    byte[] labels = Idx.labels(IntStream.range(0, 300).map(i -> i % 10).toArray());
    var packed =
        new IdxSource(
            Idx.write(folder, "packed-without-suffix", Idx.gzip(images)),
            Idx.write(folder, "plain.gz", labels));
    assertThat(Whole.settled(packed).hash())
        .isEqualTo(Whole.settled(source(images, labels)).hash());
  }

  /** Splits of any size, read in any order, are the rows of the files. */
  @Test
  void rangesOfRowsAreTheWhole() throws IOException {
    IdxSource source = source(Idx.images(11, 3, 3), Idx.labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0));
    Block all = Block.concat(SourceReading.blocks(source, HADOOP));
    SourceLayout layout = source.layout(HADOOP);
    for (int step = 1; step < 12; step++) {
      List<Block> parts = new ArrayList<>();
      for (int from = 0; from < 11; from += step) {
        var split = new SourceSplit(0, source.images(), from, Math.min(11, from + step));
        try (SplitReader reader = source.open(HADOOP, layout, split)) {
          parts.add(reader.next().orElseThrow());
          assertThat(reader.next()).isEmpty();
        }
      }
      Block joined = Block.concat(parts);
      for (int row = 0; row < 11; row++) {
        assertThat(Whole.features(joined, row)).isEqualTo(Whole.features(all, row));
        assertThat(Whole.label(joined, row)).isEqualTo(row % 10);
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
    assertThat(Whole.settled(source).shape()).containsExactly(2);
    return Whole.features(Whole.rows(source, 0), 0);
  }

  @Test
  void channelsAreKept() throws IOException {
    IdxSource source =
        source(Idx.of(Idx.UINT8, new int[] {2, 3, 4, 5}, new byte[120]), Idx.labels(0, 1));
    assertThat(Whole.settled(source).shape()).containsExactly(3, 4, 5);
  }

  @Test
  void floatLabelsAreNumbersToBePredicted() throws IOException {
    IdxSource one =
        source(Idx.images(2, 2, 2), Idx.of(Idx.FLOAT, new int[] {2}, Idx.floats(0.5f, -1)));
    assertThat(Whole.settled(one).labels()).isEqualTo(new Labels.Targets(List.of("target")));
    assertThat(Whole.settled(one).labelRange(0)).isEqualTo(new Range(-1, 0.5, false));
    IdxSource two =
        source(
            Idx.images(2, 2, 2), Idx.of(Idx.FLOAT, new int[] {2, 2}, Idx.floats(0.5f, -1, 2, 3)));
    assertThat(Whole.settled(two).labels().names()).containsExactly("target 0", "target 1");
    Block block = Whole.rows(two, 1);
    assertThat(new double[] {block.values(1).at(0), block.values(1).at(1)}).containsExactly(2, 3);
  }

  @Test
  void classesCanBeNamedAndATestSetTakesThoseOfTraining() throws IOException {
    IdxSource source = source(Idx.images(2, 2, 2), Idx.labels(0, 1));
    var named = new IdxSource(source.images(), source.labels(), List.of("cat", "dog", "fox"));
    assertThat(Whole.settled(named).labels().names()).containsExactly("cat", "dog", "fox");
    assertThat(Whole.settled(source.like(Labels.Classes.numbered(10), List.of())).labels().width())
        .isEqualTo(10);
  }

  @Test
  void pathsMayHaveASchemeOrBeRelativeToTheDefaultFileSystem() throws IOException {
    IdxSource source = source(Idx.images(1, 2, 2), Idx.labels(0));
    var withScheme = new IdxSource("file:" + source.images(), "file://" + source.labels());
    assertThat(Whole.settled(withScheme).hash()).isEqualTo(Whole.settled(source).hash());
    Path here = Path.of("").toAbsolutePath();
    var relative =
        new IdxSource(
            here.relativize(Path.of(source.images())).toString(),
            here.relativize(Path.of(source.labels())).toString());
    assertThat(Whole.settled(relative).hash()).isEqualTo(Whole.settled(source).hash());
  }

  @Test
  void truncationsAtEveryByteAreFound() throws IOException {
    byte[] images = Idx.images(2, 2, 2);
    String labels = Idx.write(folder, "l", Idx.labels(0, 1));
    for (int length = 0; length < images.length; length++) {
      byte[] cut = Arrays.copyOf(images, length);
      var plain = new IdxSource(Idx.write(folder, "plain", cut), labels);
      var packed = new IdxSource(Idx.write(folder, "packed", Idx.gzip(cut)), labels);
      assertThatThrownBy(() -> Whole.settled(plain)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> Whole.settled(packed)).isInstanceOf(InputException.class);
    }
    byte[] packed = Idx.gzip(images);
    for (int length = 0; length < packed.length; length++) {
      var source = new IdxSource(Idx.write(folder, "cut", Arrays.copyOf(packed, length)), labels);
      assertThatThrownBy(() -> Whole.settled(source))
          .as("gzip cut at %s", length)
          .isInstanceOf(InputException.class);
    }
  }

  private IdxSource source(byte[] images, byte[] labels) throws IOException {
    return new IdxSource(Idx.write(folder, "images", images), Idx.write(folder, "labels", labels));
  }
}
