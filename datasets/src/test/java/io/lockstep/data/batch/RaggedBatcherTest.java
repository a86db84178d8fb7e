package io.lockstep.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import io.lockstep.data.normalize.Normalizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Minibatches against what one would write down by hand. */
class RaggedBatcherTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.sequence("series", ElementType.FLOAT32, 2),
              Field.sequence("tokens", ElementType.INT32)),
          List.of(Field.sequence("tag", ElementType.INT32), Field.of("y", ElementType.FLOAT64, 1)),
          true,
          false);

  private static Block block() {
    var builder = new BlockBuilder(SCHEMA, 2);
    builder.begin(0);
    builder.put(0, new float[] {1, 2, 3, 4}, 0, 4);
    builder.put(1, new int[] {7, 8, 9}, 0, 3);
    builder.put(2, new int[] {1, 0}, 0, 2);
    builder.put(3, 0.25);
    builder.weight(3);
    builder.end();
    builder.begin(1);
    builder.put(0, new float[] {5, 6}, 0, 2);
    builder.put(1, new int[] {4}, 0, 1);
    builder.put(2, new int[] {2}, 0, 1);
    builder.put(3, 0.5);
    builder.end();
    return builder.build();
  }

  private static float[] cut(float[] values, int length) {
    return Arrays.copyOf(values, length);
  }

  @Test
  void sequencesAreTransposedPaddedAndMasked() {
    var batcher = new Batcher(SCHEMA, new Normalizer.Identity());
    Minibatch batch = batcher.assemble(block(), 0, 2);

    Tensor series = batch.inputs().get(0);
    assertThat(series.shape()).containsExactly(2, 2, 2);
    assertThat(cut(series.floats(), 8)).containsExactly(1, 3, 2, 4, 5, 0, 6, 0);
    assertThat(cut(series.mask(), 4)).containsExactly(1, 1, 1, 0);
    Tensor tokens = batch.inputs().get(1);
    assertThat(tokens.shape()).containsExactly(2, 3);
    assertThat(Arrays.copyOf(tokens.ints(), 6)).containsExactly(7, 8, 9, 4, 0, 0);
    assertThat(cut(tokens.mask(), 6)).containsExactly(1, 1, 1, 1, 0, 0);
    assertThat(Arrays.copyOf(batch.labels().get(0).ints(), 4)).containsExactly(1, 0, 2, 0);
    assertThat(cut(batch.labels().get(1).floats(), 2)).containsExactly(0.25f, 0.5f);
    assertThat(cut(batch.weights(), 2)).containsExactly(3, 1);
  }

  @Test
  void aMinibatchDoesNotDependOnTheOneBefore() {
    var used = new Batcher(SCHEMA, new Normalizer.Identity());
    used.assemble(block(), 0, 2);
    Minibatch second = used.assemble(block(), 1, 2);
    Minibatch fresh = new Batcher(SCHEMA, new Normalizer.Identity()).assemble(block(), 1, 2);

    for (int i = 0; i < 2; i++) {
      Tensor a = second.inputs().get(i);
      Tensor b = fresh.inputs().get(i);
      assertThat(a.shape()).isEqualTo(b.shape());
      assertThat(cut(a.mask(), a.time())).isEqualTo(cut(b.mask(), b.time()));
    }
    assertThat(cut(second.inputs().get(0).floats(), 2)).containsExactly(5, 6);
  }

  @Test
  void bytesAreNormalisedOnTheirWay() {
    Schema images =
        Schema.of(Field.of("x", ElementType.UINT8, 1, 1, 2), Field.of("y", ElementType.INT32));
    Block block =
        Block.of(
            images,
            new long[] {0, 1},
            new Values.Bytes(new byte[] {0, (byte) 255, 51, 102}),
            new Values.Ints(new int[] {1, 0}));
    Minibatch batch =
        new Batcher(images, new Normalizer.PixelScaling())
            .assemble(List.of(block), new long[] {Batcher.row(0, 1), Batcher.row(0, 0)});

    assertThat(batch.inputs().get(0).shape()).containsExactly(2, 1, 1, 2);
    assertThat(cut(batch.inputs().get(0).floats(), 4)).containsExactly(0.2f, 0.4f, 0f, 1f);
    assertThat(batch.labels().get(0).ints()).startsWith(0, 1);
  }

  /** What is padded stays 0: a normaliser never sees it. */
  @Test
  void bytesOfSequencesAreNormalisedButPaddingIsNot() {
    Schema films =
        Schema.of(Field.sequence("film", ElementType.UINT8, 2), Field.of("y", ElementType.INT32));
    var builder = new BlockBuilder(films, 2);
    builder.begin(0);
    builder.put(0, new byte[] {0, 51, (byte) 255, 102}, 0, 4);
    builder.put(1, 0);
    builder.end();
    builder.begin(1);
    builder.put(0, new byte[] {(byte) 204, 51}, 0, 2);
    builder.put(1, 1);
    builder.end();
    Minibatch batch =
        new Batcher(films, new Normalizer.PixelScaling()).assemble(builder.build(), 0, 2);

    assertThat(cut(batch.inputs().get(0).floats(), 8))
        .containsExactly(0f, 1f, 0.2f, 0.4f, 0.8f, 0f, 0.2f, 0f);
  }

  @Test
  void aSequenceWithoutStepsIsAllPadding() {
    Schema texts =
        Schema.of(Field.sequence("text", ElementType.INT32), Field.of("y", ElementType.INT32));
    var builder = new BlockBuilder(texts, 1);
    builder.begin(0);
    builder.put(1, 0);
    builder.end();
    Tensor text =
        new Batcher(texts, new Normalizer.Identity())
            .assemble(builder.build(), 0, 1)
            .inputs()
            .get(0);

    assertThat(text.shape()).containsExactly(1, 1);
    assertThat(cut(text.mask(), 1)).containsExactly(0f);
  }
}
