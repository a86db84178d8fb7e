package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Missing values are found however a number is written. */
class MissingValuesTest {
  @Test
  void numbersInAnyForm() {
    var missing = new MissingValues(List.of("-200", "NA", "0"));
    assertThat(missing.areWords()).isFalse();
    assertThat(missing.contains("-200.0", -200)).isTrue();
    assertThat(missing.contains("-2e2", -200)).isTrue();
    assertThat(missing.contains("-0.0", -0.0)).isTrue();
    assertThat(missing.contains("-200.5", -200.5)).isFalse();
    assertThat(missing.contains("NA", Double.NaN)).isTrue();
    assertThat(missing.contains("", Double.NaN)).isTrue();
    assertThat(missing.contains("much", Double.NaN)).isFalse();
  }

  @Test
  void words() {
    var missing = new MissingValues(List.of("NA", "?"));
    assertThat(missing.areWords()).isTrue();
    assertThat(missing.contains("1", 1)).isFalse();
  }
}
