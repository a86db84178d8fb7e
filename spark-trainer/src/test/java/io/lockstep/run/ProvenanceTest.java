package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  private static Provenance of(Map<String, String> data, String arithmetic) {
    return new Provenance(new TreeMap<>(data), "1.0 (abc)", "all", arithmetic);
  }

  @Test
  void differencesAreNamedOneByOne() {
    Provenance then = of(Map.of("train", "aa"), "256 bits");
    assertThat(then.differences(of(Map.of("train", "aa"), "256 bits"))).isEmpty();
    assertThat(then.differences(of(Map.of("train", "bb", "test", "cc"), "512 bits")))
        .extracting(Object::toString)
        .containsExactly(
            "data.test: was not there, is content cc",
            "data.train: was content aa, is content bb",
            "arithmetic: was 256 bits, is 512 bits");
  }

  @Test
  void wordsOfTheCommandLineAreAspects() {
    assertThat(Provenance.Aspect.parse("data, build,arithmetic"))
        .containsExactlyInAnyOrder(
            Provenance.Aspect.DATA, Provenance.Aspect.BUILD, Provenance.Aspect.ARITHMETIC);
    assertThatThrownBy(() -> Provenance.Aspect.parse("data,seed"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("'seed'", "data,build,kernels,arithmetic");
  }

  @Test
  void aChangeThatIsAcceptedDoesNotExcuseAnother() {
    Provenance then = of(Map.of("train", "aa"), "256 bits");
    Provenance now = of(Map.of("train", "bb"), "512 bits");
    assertThatThrownBy(() -> then.check(now, Set.of(Provenance.Aspect.DATA), "runs/x"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            "runs/x", "arithmetic: was 256 bits, is 512 bits", "--accept-changes data,arithmetic")
        .hasMessageNotContaining("content bb");
    assertThat(then.check(now, Set.of(Provenance.Aspect.DATA, Provenance.Aspect.ARITHMETIC), "x"))
        .hasSize(2);
  }
}
