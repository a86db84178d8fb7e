package io.lockstep.ps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private static final TrainingState STATE =
      new TrainingState(new float[] {1, -0f, Float.MIN_VALUE}, new float[] {7}, 1L << 40, 3);
  private static final Contribution CONTRIBUTION =
      new Contribution(
          2, 640, 512.5, 10, 1.25, 1L << 63, new float[] {9}, new float[] {1, 2}, new float[] {3});

  @Test
  void aStateComesBackBitForBit() throws IOException {
    assertThat(state(bytes(STATE)).sameBits(STATE)).isTrue();
    assertThat(bytes(STATE)).hasSize((int) StateCodec.bytes(STATE));
  }

  @Test
  void aContributionComesBack() throws IOException {
    assertThat(StateCodec.readContribution(in(bytes(CONTRIBUTION))))
        .usingRecursiveComparison()
        .isEqualTo(CONTRIBUTION);
    assertThat(bytes(CONTRIBUTION)).hasSize((int) StateCodec.bytes(CONTRIBUTION));
  }

  @Test
  void vectorsLongerThanAChunkComeBack() throws IOException {
    float[] values = new float[(1 << 14) * 3 + 17];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    var state = new TrainingState(values, new float[1 << 14], 0, 0);
    assertThat(state(bytes(state)).sameBits(state)).isTrue();
  }

  @Test
  void theLayoutNeverChangesSilently() throws IOException {
    assertThat(bytes(new TrainingState(new float[] {1}, new float[0], 2, 3)))
        .containsExactly(
            'L', 'S', 'S', '1', 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, //
            1, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0);
    var contribution =
        new Contribution(
            1, 2, 0.5, 4, 2, new Padding(6, 7), 5, new float[0], new float[] {1}, new float[0]);
    assertThat(bytes(contribution))
        .containsExactly(
            'L', 'S', 'C', '3', 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, //
            0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 4, 0, 0, 0, //
            0, 0, 0, 0, 0, 0, 0, 0x40, 6, 0, 0, 0, 0, 0, 0, 0, //
            7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, //
            0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0);
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] bytes = bytes(STATE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> state(cut)).isInstanceOf(DamagedBytesException.class);
    }
  }

  /** 2 billion values are announced: believed, they would cost 8 GiB before the end is seen. */
  @Test
  void anAnnouncedLengthIsNotBelieved() throws IOException {
    byte[] bytes = bytes(STATE);
    Arrays.fill(bytes, 16, 19, (byte) 0xff);
    bytes[19] = 0x7f;
    assertThatThrownBy(() -> state(bytes))
        .isInstanceOf(DamagedBytesException.class)
        .hasMessageContaining("damaged training state");
    bytes[19] = (byte) 0xff;
    assertThatThrownBy(() -> state(bytes)).hasMessageContaining("-1 values is announced");
  }

  @Test
  void theTwoKindsAreNotMistakenForEachOther() {
    assertThatThrownBy(() -> state(bytes(CONTRIBUTION)))
        .hasMessageStartingWith("not a training state");
  }

  private static TrainingState state(byte[] bytes) throws IOException {
    return StateCodec.readState(in(bytes));
  }

  private static byte[] bytes(TrainingState state) throws IOException {
    var bytes = new ByteArrayOutputStream();
    StateCodec.write(state, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static byte[] bytes(Contribution contribution) throws IOException {
    var bytes = new ByteArrayOutputStream();
    StateCodec.write(contribution, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
