package io.lockstep.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in bytes are those of the JDK. */
class NumbersTest {
  @Test
  void numbersAreThoseOfTheJdkToTheLastBit() {
    var random = new SplittableRandom(3);
    for (int round = 0; round < 300_000; round++) {
      String text =
          switch (random.nextInt(6)) {
            case 0 -> String.valueOf(random.nextLong() >> random.nextInt(64));
            case 1 -> String.valueOf(random.nextDouble());
            case 2 -> String.valueOf(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            case 3 ->
                random.nextInt(1000) + "." + Math.abs(random.nextLong() >> random.nextInt(64));
            case 4 -> "-." + "0".repeat(random.nextInt(25)) + random.nextInt(100_000);
            default -> "+" + random.nextInt(100) + "e" + (random.nextInt(700) - 350);
          };
      byte[] bytes = ("x" + text + "1").getBytes(StandardCharsets.US_ASCII);
      double parsed = Numbers.parse(bytes, 1, bytes.length - 1);
      assertThat(Double.doubleToRawLongBits(parsed))
          .as(text)
          .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", "+.", "1f", "0x1p3", "NaN", "1e", "1e+", "1.2.3", "1,2", "e5"})
  void whatIsNoNumberIsNone(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThat(Numbers.parse(bytes, 0, bytes.length)).isNaN();
    assertThat(Numbers.isNumber(text)).isFalse();
  }

  @Test
  void aNumberIsWrittenOneWayButNeverFillsTheMemory() {
    assertThat(Numbers.shortest("01.50")).isEqualTo("1.5");
    assertThat(Numbers.shortest("-0.0")).isEqualTo("0");
    assertThat(Numbers.shortest("1e2")).isEqualTo("100");
    assertThat(Numbers.shortest("1e2000000000")).isEqualTo("1E+2000000000");
    assertThat(Numbers.shortest("1e99999999999")).isEqualTo("1e99999999999");
  }
}
