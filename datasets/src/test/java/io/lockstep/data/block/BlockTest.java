package io.lockstep.data.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Blocks keep what they are given, under every serializer, and nothing else than blocks is read.
 */
class BlockTest {
  private static final Schema EVERYTHING =
      new Schema(
          List.of(
              Field.of("pixels", ElementType.UINT8, 2, 3),
              Field.of("numbers", ElementType.FLOAT64, 2),
              Field.sequence("series", ElementType.FLOAT32, 2),
              Field.sequence("tokens", ElementType.INT32)),
          List.of(Field.of("class", ElementType.INT32)),
          true,
          true);

  private static Block everything(int size) {
    var random = new SplittableRandom(size);
    var builder = new BlockBuilder(EVERYTHING, 1);
    for (int i = 0; i < size; i++) {
      builder.begin(1L << 40 | i);
      builder.put(0, new byte[] {1, 2, (byte) 200, (byte) i, 5, 6}, 0, 6);
      builder.put(1, 1.7e9 + i);
      builder.put(1, 0.1 * i);
      for (int step = 0; step < i % 4; step++) {
        builder.put(2, new float[] {i, step}, 0, 2);
      }
      for (int step = 0; step < i % 3; step++) {
        builder.put(3, random.nextInt(1000));
      }
      builder.put(4, i % 7);
      builder.weight(0.5f * i);
      builder.key("row " + i);
      builder.end();
    }
    return builder.build();
  }

  private static byte[] bytes(Block block) throws IOException {
    var bytes = new ByteArrayOutputStream();
    block.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Block read(byte[] bytes) throws IOException {
    return Block.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    for (int size : new int[] {0, 1, 2, 50, 70_000}) {
      Block block = everything(size);
      Block copy = read(bytes(block));
      assertThat(copy.schema()).isEqualTo(EVERYTHING);
      assertThat(bytes(copy)).isEqualTo(bytes(block));
    }
  }

  @Test
  void travelsWithJavaSerialization() throws Exception {
    Block block = everything(20);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(block);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(bytes((Block) in.readObject())).isEqualTo(bytes(block));
    }
  }

  @Test
  void keepsRowsOfDifferentLengthApart() {
    Block block = everything(12);
    Block some = block.select(new int[] {7, 3, 0});

    assertThat(some.size()).isEqualTo(3);
    assertThat(some.id(0)).isEqualTo(1L << 40 | 7);
    assertThat(some.steps(2, 0)).isEqualTo(3);
    assertThat(some.values(2).at(some.from(2, 0) + 5)).isEqualTo(2.0);
    assertThat(some.steps(2, 2)).isZero();
    assertThat(some.weight(1)).isEqualTo(1.5f);
    assertThat(some.key(1)).isEqualTo("row 3");
    assertThat(some.values(1).at(2)).isEqualTo(1.7e9 + 3);
  }

  @Test
  void isTheSameInOnePieceOrSeveral() throws IOException {
    Block whole = everything(9);
    Block joined =
        Block.concat(
            List.of(
                whole.select(new int[] {0, 1, 2}),
                whole.select(new int[] {}),
                whole.select(new int[] {3, 4, 5, 6, 7, 8})));
    assertThat(bytes(joined)).isEqualTo(bytes(whole));
    assertThat(digest(joined)).isEqualTo(digest(whole)).isNotEqualTo(digest(everything(10)));
  }

  private static String digest(Block block) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      block.update(digest);
      return HexFormat.of().formatHex(digest.digest());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyCutOrChangedByteIsAnExceptionOrAnotherBlockButNeverAnError() throws IOException {
    byte[] bytes = bytes(everything(5));
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] shorter = java.util.Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> read(shorter)).isInstanceOf(IOException.class);
    }
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 0x7F;
      try {
        read(changed);
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("null pointer");
      }
    }
  }

  @Test
  void aSizeThatLiesCostsNoMemory() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0x4C534232);
    Schema.of(Field.of("x", ElementType.FLOAT32, 1), Field.of("y", ElementType.INT32)).writeTo(out);
    out.writeInt(Integer.MAX_VALUE);
    assertThatThrownBy(() -> read(bytes.toByteArray())).isInstanceOf(IOException.class);
  }

  @Test
  void refusesExamplesWithMissingValues() {
    var builder =
        new BlockBuilder(
            Schema.of(Field.of("x", ElementType.FLOAT32, 2), Field.of("y", ElementType.INT32)), 4);
    builder.begin(0);
    builder.put(0, 1.0);
    builder.put(1, 3);
    assertThatThrownBy(builder::end).isInstanceOf(IllegalArgumentException.class);
  }
}
