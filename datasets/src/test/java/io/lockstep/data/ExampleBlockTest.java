package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleBlockTest {
  @Test
  void rowsKeepIdFeaturesAndLabel() {
    ExampleBlock block = Blocks.images(50);
    float[] features = new float[8];
    block.featuresInto(43, features, 1);
    assertThat(features).containsExactly(0, 2, 3, 4, 5, 6, 7, 0);
    assertThat(block.id(43)).isEqualTo(53);
    assertThat(block.label(43)).isEqualTo(3);
    assertThat(block.shape()).containsExactly(1, 2, 3);
    assertThat(block.width()).isEqualTo(6);
    assertThat(block.type()).isEqualTo(FeatureType.UINT8);
  }

  @Test
  void bytesAbove127ArePositive() {
    float[] features = new float[6];
    Blocks.images(43).featuresInto(42, features, 0);
    assertThat(features).containsExactly(252, 253, 254, 255, 0, 1);
  }

  @Test
  void labelsComeOneHotOrAsOneOutputOrAsNumbers() {
    float[] row = {9, 9, 9, 9, 9};
    Blocks.images(4).labelsInto(2, row, 1, 4);
    assertThat(row).containsExactly(9, 0, 0, 1, 0);
    ExampleBlock binary =
        ExampleBlock.ofClasses(
            new int[2],
            ExampleBlock.Features.float32(new int[] {1}, new float[2]),
            new int[] {0, 1},
            2);
    binary.labelsInto(1, row, 0, 1);
    assertThat(row[0]).isEqualTo(1);
    Blocks.rows(3).labelsInto(2, row, 3, 2);
    assertThat(row).containsExactly(1, 0, 0, -4, -5);
  }

  @Test
  void writtenFormIsReadBack() throws IOException {
    // Sizes around the chunk of 64 KiB in which columns are moved.
    for (int size : new int[] {0, 1, 7, 10_922, 10_923, 30_000, 70_000}) {
      for (ExampleBlock block : List.of(Blocks.images(size), Blocks.rows(size))) {
        byte[] bytes = Blocks.bytes(block);
        assertThat(bytes).hasSize((int) block.encodedLength());
        ExampleBlock read = Blocks.read(bytes);
        assertThat(Blocks.bytes(read)).isEqualTo(bytes);
        assertThat(read.contentHash()).isEqualTo(block.contentHash());
        assertThat(read).hasToString(block.toString());
      }
    }
  }

  @Test
  void writtenFormIsAsDocumentedForEver() throws IOException {
    assertThat(HexFormat.of().formatHex(Blocks.bytes(Blocks.images(1))))
        .isEqualTo(
            "4c534231" // magic
                + "01" // version
                + "00" // uint8
                + "00" // classes
                + "03000000010000000200000003" // shape
                + "00000004" // classes
                + "00000001" // examples
                + "0000000a" // id
                + "000102030405" // pixels
                + "00000000"); // class
    assertThat(HexFormat.of().formatHex(Blocks.bytes(Blocks.rows(1))))
        .isEqualTo(
            "4c5342310101010100000003" // header, float32, targets, shape
                + "00000002" // targets
                + "00000001" // examples
                + "00000000" // id
                + "bf800000bf00000000000000" // -1, -0.5, 0
                + "00000000bf800000"); // 0, -1
  }

  @Test
  void hashIsTheSameForEverAndFollowsTheContent() {
    assertThat(Blocks.images(3).contentHash())
        .isEqualTo("5cdae2974972db84e8ca3cca35e250f518e43150cadefd67831f6c00f2421095");
    assertThat(Blocks.images(3).contentHash()).isNotEqualTo(Blocks.images(4).contentHash());
    assertThat(Blocks.images(4).slice(0, 3).contentHash())
        .isEqualTo("5cdae2974972db84e8ca3cca35e250f518e43150cadefd67831f6c00f2421095");
  }

  @Test
  void slicesPutTogetherAreTheWhole() {
    for (ExampleBlock block : List.of(Blocks.images(11), Blocks.rows(11))) {
      ExampleBlock again =
          ExampleBlock.concat(
              List.of(block.slice(0, 4), block.slice(4, 4), block.slice(4, 5), block.slice(5, 11)));
      assertThat(again.contentHash()).isEqualTo(block.contentHash());
    }
  }

  @Test
  void blocksOfDifferentKindsAreNotPutTogether() {
    assertThatThrownBy(() -> ExampleBlock.concat(List.of(Blocks.images(1), Blocks.rows(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 2, 3]")
        .hasMessageContaining("[3]");
    assertThatThrownBy(() -> ExampleBlock.concat(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void columnsMustFitEachOther() {
    ExampleBlock.Features two = ExampleBlock.Features.float32(new int[] {3}, new float[6]);
    assertThatThrownBy(() -> ExampleBlock.ofClasses(new int[3], two, new int[3], 2))
        .hasMessage("3 examples of shape [3] need 9 feature values, not 6");
    assertThatThrownBy(() -> ExampleBlock.ofClasses(new int[2], two, new int[3], 2))
        .hasMessage("2 examples need 2 label values, not 3");
    assertThatThrownBy(() -> ExampleBlock.ofClasses(new int[] {5, 8}, two, new int[] {0, 2}, 2))
        .hasMessage("example 8 has label 2, outside the 2 classes");
    assertThatThrownBy(() -> ExampleBlock.ofTargets(new int[2], two, new float[3], 2))
        .hasMessage("2 examples need 4 label values, not 3");
    assertThatThrownBy(() -> ExampleBlock.Features.uint8(new int[] {0}, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyCutOffBlockIsRefused() throws IOException {
    for (ExampleBlock block : List.of(Blocks.images(3), Blocks.rows(3))) {
      byte[] whole = Blocks.bytes(block);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> Blocks.read(cut)).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void lyingHeadersCostNoMemory() throws IOException {
    byte[] block = Blocks.bytes(Blocks.rows(2));
    // 700 million examples: 8 GB of features, 3 GB of ids. The surefire JVM has 2 GB.
    assertThatThrownBy(() -> Blocks.read(patched(block, 16, 700_000_000)))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> Blocks.read(patched(block, 16, Integer.MAX_VALUE)))
        .hasMessageContaining("too many");
    assertThatThrownBy(() -> Blocks.read(patched(block, 16, -1))).hasMessageContaining("size -1");
    assertThatThrownBy(() -> Blocks.read(patched(block, 12, 0)))
        .hasMessageContaining("label width 0");
    assertThatThrownBy(() -> Blocks.read(patched(block, 8, 0)))
        .hasMessageContaining("empty or too large");
    assertThatThrownBy(() -> Blocks.read(patched(block, 0, 0xACED0005)))
        .hasMessage("not a block of examples: begins with aced0005");
  }

  @Test
  void unknownVersionsAndKindsAreNamed() throws IOException {
    byte[] block = Blocks.bytes(Blocks.rows(2));
    assertThatThrownBy(() -> Blocks.read(withByte(block, 4, 2)))
        .hasMessage("block of examples has version 2, this Lockstep reads 1");
    assertThatThrownBy(() -> Blocks.read(withByte(block, 5, 2)))
        .hasMessage("block of examples has unknown feature type 2");
    assertThatThrownBy(() -> Blocks.read(withByte(block, 6, 7)))
        .hasMessage("block of examples has unknown label kind 7");
    assertThatThrownBy(() -> Blocks.read(withByte(block, 7, 9)))
        .hasMessage("block of examples has rank 9, at most 8");
  }

  @Test
  void labelsOutsideTheClassesAreRefused() throws IOException {
    byte[] block = Blocks.bytes(Blocks.images(1));
    assertThatThrownBy(() -> Blocks.read(patched(block, block.length - 4, 4)))
        .isInstanceOf(IOException.class)
        .hasMessage("damaged block of examples: example 10 has label 4, outside the 4 classes");
  }

  private static byte[] patched(byte[] bytes, int at, int value) {
    byte[] patched = bytes.clone();
    ByteBuffer.wrap(patched).putInt(at, value);
    return patched;
  }

  private static byte[] withByte(byte[] bytes, int at, int value) {
    byte[] patched = bytes.clone();
    patched[at] = (byte) value;
    return patched;
  }
}
