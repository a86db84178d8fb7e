package io.lockstep.ps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private static final TrainingState STATE =
      new TrainingState(new float[] {1, -0f, Float.MIN_VALUE}, new float[] {7}, 1L << 40, 3);
  private static final Contribution CONTRIBUTION =
      new Contribution(2, 640, 10, 1.25, 1L << 63, new float[] {1, 2}, new float[] {3});

  @Test
  void aStateComesBackBitForBit() {
    assertThat(StateCodec.decodeState(StateCodec.encode(STATE)).sameBits(STATE)).isTrue();
  }

  @Test
  void aContributionComesBack() {
    Contribution back = StateCodec.decodeContribution(StateCodec.encode(CONTRIBUTION));
    assertThat(back).usingRecursiveComparison().isEqualTo(CONTRIBUTION);
  }

  @Test
  void theLayoutNeverChangesSilently() {
    assertThat(StateCodec.encode(new TrainingState(new float[] {1}, new float[0], 2, 3)))
        .containsExactly(
            'L', 'S', 'S', '1', 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, //
            1, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = StateCodec.encode(STATE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StateCodec.decodeState(cut))
          .isInstanceOf(DamagedBytesException.class);
    }
  }

  @Test
  void anAnnouncedLengthIsNotBelieved() {
    byte[] bytes = StateCodec.encode(STATE);
    bytes[16] = (byte) 0xff;
    bytes[18] = 0x7f; // 8 million values announced, 12 bytes there
    assertThatThrownBy(() -> StateCodec.decodeState(bytes))
        .isInstanceOf(DamagedBytesException.class)
        .hasMessageContaining("announced");
  }

  @Test
  void theTwoKindsAreNotMistakenForEachOther() {
    assertThatThrownBy(() -> StateCodec.decodeState(StateCodec.encode(CONTRIBUTION)))
        .hasMessageStartingWith("not a training state");
    assertThatThrownBy(() -> StateCodec.decodeState(Arrays.copyOf(StateCodec.encode(STATE), 1000)))
        .isInstanceOf(DamagedBytesException.class);
  }
}
