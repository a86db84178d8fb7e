package io.lockstep.data.source.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.Whole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EmbeddedSourceTest {
  private static final EmbeddedSource TRAIN =
      new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN);
  private static final EmbeddedSource TEST =
      new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TEST);

  private static Block all(ExampleSource source) throws IOException {
    return Block.concat(SourceReading.blocks(source, new Configuration()));
  }

  @Test
  void tenThousandDigitsToTrainAndTwoThousandToTest() throws IOException {
    for (EmbeddedSource source : List.of(TRAIN, TEST)) {
      Settled settled = Whole.settled(source);
      assertThat(settled.examples()).isEqualTo(source.equals(TRAIN) ? 10_000 : 2_000);
      assertThat(settled.shape()).containsExactly(1, 28, 28);
      assertThat(settled.labels()).isEqualTo(Labels.Classes.numbered(10));
    }
  }

  @Test
  void digitsAreTheseForEver() throws IOException {
    assertThat(Whole.settled(TRAIN).hash()).isEqualTo(GOLDEN_TRAIN);
    assertThat(Whole.settled(TEST).hash()).isEqualTo(GOLDEN_TEST);
  }

  @Test
  void everyClassIsThereInItsNaturalShare() throws IOException {
    Block block = all(TRAIN);
    int[] counts = new int[10];
    for (int row = 0; row < block.size(); row++) {
      counts[Whole.label(block, row)]++;
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
    assertSame(mnist, "train", 6, all(TRAIN));
    assertSame(mnist, "t10k", 5, all(TEST));
  }

  private static void assertSame(Path mnist, String prefix, int every, Block embedded)
      throws IOException {
    Block whole =
        all(
            new IdxSource(
                mnist.resolve(prefix + "-images-idx3-ubyte.gz").toString(),
                mnist.resolve(prefix + "-labels-idx1-ubyte.gz").toString()));
    for (int row = 0; row < embedded.size(); row++) {
      assertThat(Whole.features(embedded, row)).isEqualTo(Whole.features(whole, row * every));
      assertThat(Whole.label(embedded, row)).isEqualTo(Whole.label(whole, row * every));
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
    assertThat(TEST.like(Labels.Classes.numbered(10), List.of())).isEqualTo(TEST);
    assertThatThrownBy(() -> TEST.like(new Labels.Classes(List.of("cat", "dog")), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cat, dog");
  }

  private static final String GOLDEN_TRAIN =
      "6ba8feff58f9f7064702601ccfa248ab4ed3341d4b4b316eb53523e3b727ee35";
  private static final String GOLDEN_TEST =
      "14a9fbac95f3cc17cd78fb46ca264f912dfaec8f4173dde452912da6e95362a1";
}
