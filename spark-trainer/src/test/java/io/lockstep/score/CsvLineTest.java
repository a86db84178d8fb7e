package io.lockstep.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CsvLineTest {
  @Test
  void aValueIsQuotedWhereAReaderWouldTakeItForSomethingElse() {
    assertThat(CsvLine.of(new Object[] {"a", "b c", "é", "#", "0", null, "", "x"}))
        .isEqualTo("a,b c,é,#,0,,,x");
    assertThat(CsvLine.of(new Object[] {"a,b", "say \"no\"", "two\nlines", "cr\r", " a", "b\t"}))
        .isEqualTo("\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"cr\r\",\" a\",\"b\t\"");
  }

  @Test
  void numbersAreThoseThatJavaReadsAgainAsTheSameBits() {
    Object[] row = {1e-7f, 0.1f, -1.5e20, Double.POSITIVE_INFINITY, 42L, Float.MIN_VALUE};

    assertThat(CsvLine.of(row)).isEqualTo("1.0E-7,0.1,-1.5E20,Infinity,42,1.4E-45");
  }
}
