package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {
  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    var out = new ByteArrayOutputStream();
    CheckpointCodec.write(checkpoint, out);
    return out.toByteArray();
  }

  private static Checkpoint read(byte[] bytes) throws IOException {
    return CheckpointCodec.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  @Test
  void bytesCarryTheWholeCheckpoint() throws IOException {
    for (long round : new long[] {0, 1, 5, 1L << 40}) {
      RunDirectoryContract.assertSame(
          read(bytes(Runs.checkpoint(round % 1000))), Runs.checkpoint(round % 1000));
    }
  }

  @Test
  void vectorsLongerThanAChunkAreCarried() throws IOException {
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    var checkpoint =
        new Checkpoint(
            "p",
            Position.START,
            new TrainingState(values, new float[0], 3, 1),
            values,
            Patience.NONE);

    RunDirectoryContract.assertSame(read(bytes(checkpoint)), checkpoint);
  }

  @Test
  void theLayoutIsTheDocumentedOne() throws IOException {
    var checkpoint =
        new Checkpoint(
            "ab",
            new Position(1, 2, 3, 4, 5.5),
            new TrainingState(new float[] {1.5f}, new float[] {2.5f}, 6, 2),
            new float[] {3.5f},
            new Patience(Optional.of(new Patience.Best(0.25, 7, 8)), 9));

    ByteBuffer found = ByteBuffer.wrap(bytes(checkpoint)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer expected = ByteBuffer.allocate(found.limit()).order(ByteOrder.LITTLE_ENDIAN);
    expected.put(new byte[] {'L', 'S', 'K', '1'}).putInt(2).put(new byte[] {'a', 'b'});
    expected.putLong(1).putInt(2).putInt(3).putLong(4).putDouble(5.5);
    expected.putInt(1).putDouble(0.25).putLong(7).putInt(8).putInt(9);
    expected.putLong(6).putInt(2).putInt(1).putInt(1).putInt(1);
    expected.putFloat(1.5f).putFloat(2.5f).putFloat(3.5f);
    assertThat(expected.hasRemaining()).isFalse();
    assertThat(found).isEqualTo(expected.flip());
  }

  @Test
  void bytesThatAreCutAreRefused() throws IOException {
    byte[] bytes = bytes(Runs.checkpoint(5));
    for (int length = 0; length < bytes.length; length += 13) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(DamagedFileException.class);
    }
  }

  @Test
  void sizesThatTheFileCannotHoldAreRefusedBeforeAllocation() throws IOException {
    byte[] bytes = bytes(Runs.checkpoint(5));
    int values = (70 + 140 + 70) * Float.BYTES;
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - values - 12, Integer.MAX_VALUE);

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("announces 2147483647 parameters");
  }
}
