package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatcherTest {
  @Test
  void rowsComeNormalisedInTheOrderAskedFor() {
    Batcher batcher = new Batcher(Blocks.images(50), new Normalizer.PixelScaling(), 4);
    Minibatch minibatch = batcher.assemble(new int[] {42, 1});
    assertThat(minibatch.size()).isEqualTo(2);
    assertThat(minibatch.shape()).containsExactly(1, 2, 3);
    assertThat(Arrays.copyOf(minibatch.features(), 12))
        .containsExactly(
            252 / 255f,
            253 / 255f,
            254 / 255f,
            1,
            0,
            1 / 255f,
            6 / 255f,
            7 / 255f,
            8 / 255f,
            9 / 255f,
            10 / 255f,
            11 / 255f);
    assertThat(Arrays.copyOf(minibatch.labels(), 8)).containsExactly(0, 0, 1, 0, 0, 1, 0, 0);
  }

  @Test
  void aShortMinibatchAfterAFullOneHoldsNothingStale() {
    Batcher batcher = new Batcher(Blocks.images(5), new Normalizer.Identity(), 4);
    batcher.assemble(new int[] {0, 1, 2, 3});
    Minibatch last = batcher.assemble(new int[] {4});
    assertThat(last.size()).isEqualTo(1);
    assertThat(Arrays.copyOf(last.features(), 6)).containsExactly(24, 25, 26, 27, 28, 29);
    assertThat(Arrays.copyOf(last.labels(), 4)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void aRangeIsItsRows() {
    Batcher batcher = new Batcher(Blocks.rows(5), new Normalizer.Identity(), 2);
    Minibatch minibatch = batcher.assemble(new IndexRange(3, 5));
    assertThat(minibatch.size()).isEqualTo(2);
    assertThat(Arrays.copyOf(minibatch.labels(), 4)).containsExactly(-6, -7, -8, -9);
  }

  @Test
  void aMinibatchNeedsARow() {
    Batcher batcher = new Batcher(Blocks.rows(5), new Normalizer.Identity(), 2);
    assertThatThrownBy(() -> batcher.assemble(new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void labelsFitOnlyNetworksThatCanLearnThem() {
    Labels ten = Labels.Classes.numbered(10);
    assertThat(ten.widthFor(10)).isEqualTo(10);
    assertThatThrownBy(() -> ten.widthFor(12))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "The model has 12 output(s) but the data 10 classes (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)."
                + " Give its last layer 10 units.");
    Labels two = new Labels.Classes(List.of("no", "yes"));
    assertThat(two.widthFor(1)).isEqualTo(1);
    assertThat(two.widthFor(2)).isEqualTo(2);
    assertThatThrownBy(() -> two.widthFor(3)).hasMessageContaining("1 unit with sigmoid");
    Labels targets = new Labels.Targets(List.of("price"));
    assertThat(targets.widthFor(1)).isEqualTo(1);
    assertThatThrownBy(() -> targets.widthFor(2)).hasMessageContaining("1 label column(s) (price)");
  }
}
