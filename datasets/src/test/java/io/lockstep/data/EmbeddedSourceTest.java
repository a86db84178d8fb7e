package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EmbeddedSourceTest {
  private static final Configuration HADOOP = new Configuration();
  private static final EmbeddedSource TRAIN =
      new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN);
  private static final EmbeddedSource TEST =
      new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TEST);

  @Test
  void tenThousandDigitsToTrainAndTwoThousandToTest() throws IOException {
    int[] shape = {1, 28, 28};
    Labels digits = Labels.Classes.numbered(10);
    assertThat(TRAIN.inspect(HADOOP))
        .isEqualTo(new SourceSummary(10_000, FeatureType.UINT8, shape, digits));
    assertThat(TEST.inspect(HADOOP))
        .isEqualTo(new SourceSummary(2_000, FeatureType.UINT8, shape, digits));
  }

  @Test
  void digitsAreTheseForEver() throws IOException {
    assertThat(all(TRAIN, 10_000).contentHash())
        .isEqualTo("4711f13d60763b403eab57a5995acd18ca2d2c9a6f928f7d94166de63fe453c9");
    assertThat(all(TEST, 2_000).contentHash())
        .isEqualTo("9dc2e8d5d3e02e5ccfc176aba1ea7e7c00c79d2858da6727ede2554c129dcf62");
  }

  @Test
  void everyClassIsThereInItsNaturalShare() throws IOException {
    ExampleBlock block = all(TRAIN, 10_000);
    int[] counts = new int[10];
    for (int row = 0; row < block.size(); row++) {
      counts[block.label(row)]++;
    }
    // MNIST has 5,421 (fives) to 6,742 (ones) of 60,000.
    assertThat(Arrays.stream(counts).min().orElseThrow()).isBetween(850, 950);
    assertThat(Arrays.stream(counts).max().orElseThrow()).isBetween(1075, 1175);
  }

  @Test
  void digitsAreEverySixthAndEveryFifthOfTheWhole() throws IOException {
    String data = System.getProperty("LOCKSTEP_DATA", System.getenv("LOCKSTEP_DATA"));
    Assumptions.assumeTrue(data != null, "set LOCKSTEP_DATA to a folder that holds mnist/");
    Path mnist = Path.of(data, "mnist");
    assertSame(mnist, "train", 6, all(TRAIN, 10_000));
    assertSame(mnist, "t10k", 5, all(TEST, 2_000));
  }

  private static void assertSame(Path mnist, String prefix, int every, ExampleBlock embedded)
      throws IOException {
    IdxSource whole =
        new IdxSource(
            mnist.resolve(prefix + "-images-idx3-ubyte.gz").toString(),
            mnist.resolve(prefix + "-labels-idx1-ubyte.gz").toString());
    int[] positions = IntStream.range(0, embedded.size()).map(i -> i * every).toArray();
    ExampleBlock chosen = whole.read(HADOOP, positions);
    float[] one = new float[784];
    float[] other = new float[784];
    for (int row = 0; row < embedded.size(); row++) {
      embedded.featuresInto(row, one, 0);
      chosen.featuresInto(row, other, 0);
      assertThat(one).isEqualTo(other);
      assertThat(embedded.label(row)).isEqualTo(chosen.label(row));
    }
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> new EmbeddedSource("mnist", EmbeddedSource.Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'mnist'")
        .hasMessageContaining("mnist-10k")
        .hasMessageContaining("lockstep datasets fetch");
  }

  @Test
  void otherClassesThanItsOwnAreRefused() {
    assertThat(TEST.withLabels(Labels.Classes.numbered(10))).isEqualTo(TEST);
    assertThatThrownBy(() -> TEST.withLabels(new Labels.Classes(List.of("cat", "dog"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cat, dog");
  }

  private static ExampleBlock all(EmbeddedSource source, int examples) throws IOException {
    return source.read(HADOOP, IntStream.range(0, examples).toArray());
  }
}
