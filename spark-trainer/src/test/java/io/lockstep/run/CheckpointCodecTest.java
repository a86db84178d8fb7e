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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static final Checkpoint SMALL =
      new Checkpoint(
          "ab",
          new Position(1, 2, 3, 4, 5.5),
          new TrainingState(new float[] {1.5f}, new float[] {2.5f}, 6, 2),
          new float[] {3.5f},
          new Patience(Optional.of(new Patience.Best(0.25, 7, 8)), 9),
          List.of(new float[0], new float[] {4.5f, 5.5f}),
          true);

  @Test
  void theLayoutIsTheDocumentedOne() throws IOException {
    ByteBuffer found = ByteBuffer.wrap(bytes(SMALL)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer expected = ByteBuffer.allocate(found.limit()).order(ByteOrder.LITTLE_ENDIAN);
    expected.put(new byte[] {'L', 'S', 'K', '2'}).putInt(2).put(new byte[] {'a', 'b'});
    expected.putLong(1).putInt(2).putInt(3).putLong(4).putDouble(5.5);
    expected.putInt(1).putDouble(0.25).putLong(7).putInt(8).putInt(9).putInt(1);
    expected.putLong(6).putInt(2).putLong(1).putLong(1).putLong(1).putInt(2).putLong(0).putLong(2);
    expected.putFloat(1.5f).putFloat(2.5f).putFloat(3.5f).putFloat(4.5f).putFloat(5.5f);
    assertThat(expected.hasRemaining()).isFalse();
    assertThat(found).isEqualTo(expected.flip());
  }

  @Test
  void theFirstVersionIsStillRead() throws IOException {
    ByteBuffer old = ByteBuffer.allocate(8 + 2 + 60 + 12 + 12 + 12).order(ByteOrder.LITTLE_ENDIAN);
    old.put(new byte[] {'L', 'S', 'K', '1'}).putInt(2).put(new byte[] {'a', 'b'});
    old.putLong(1).putInt(2).putInt(3).putLong(4).putDouble(5.5);
    old.putInt(1).putDouble(0.25).putLong(7).putInt(8).putInt(9);
    old.putLong(6).putInt(2).putInt(1).putInt(1).putInt(1);
    old.putFloat(1.5f).putFloat(2.5f).putFloat(3.5f);
    assertThat(old.hasRemaining()).isFalse();

    RunDirectoryContract.assertSame(
        read(old.array()),
        new Checkpoint(
            SMALL.plan(), SMALL.position(), SMALL.state(), SMALL.velocity(), SMALL.patience()));
  }

  @Test
  void carriesAndAnEvaluationToComeAreCarried() throws IOException {
    RunDirectoryContract.assertSame(read(bytes(SMALL)), SMALL);
  }

  @Test
  void bytesThatAreCutAreRefused() throws IOException {
    byte[] bytes = bytes(Runs.checkpoint(5));
    for (int length = 0; length < bytes.length; length += 13) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(DamagedFileException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2147483639, announces 2147483639 parameters",
    "0, -1, announces -1 parameters",
    "0, 4611686018427387904, announces 4611686018427387904 parameters",
    "2, 9223372036854775807, announces 70 parameters",
  })
  void sizesThatTheFileCannotHoldAreRefusedBeforeAllocation(int vector, long size, String message)
      throws IOException {
    byte[] bytes = bytes(Runs.checkpoint(5));
    int values = (70 + 140 + 70 + 5) * Float.BYTES;
    int counts = 3 * Long.BYTES + 4 + 2 * Long.BYTES;
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length - values - counts + vector * Long.BYTES, size);

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 3, Integer.MAX_VALUE})
  void carriesThatTheFileCannotHoldAreRefusedBeforeAllocation(int carries) throws IOException {
    byte[] bytes = bytes(Runs.checkpoint(5));
    int values = (70 + 140 + 70 + 5) * Float.BYTES;
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - values - 2 * Long.BYTES - 4, carries);

    assertThatThrownBy(() -> read(bytes)).isInstanceOf(DamagedFileException.class);
  }
}
