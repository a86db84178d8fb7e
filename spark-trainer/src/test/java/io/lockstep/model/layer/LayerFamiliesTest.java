package io.lockstep.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerFamiliesTest {
  @Test
  void everyFileOfAFamilyIsListedAsAService() throws IOException {
    List<String> found =
        ServiceLoader.load(LayerFamily.class).stream()
            .map(family -> family.type().getSimpleName() + ".java")
            .toList();
    Path folder = Path.of("src", "main", "java", "io", "lockstep", "model", "layer");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith("Family.java"))
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(found);
    }
  }

  @Test
  void everyWordBecomesALayerOfANetwork() {
    LayerFamily.all()
        .options()
        .forEach(
            (word, option) ->
                assertThat(NetworkLayer.class)
                    .as(word)
                    .isAssignableFrom(option.section().orElseThrow().record()));
  }

  @Test
  void imagesAreAskedOfWhatIsASequence() {
    assertThatThrownBy(() -> FeatureShape.image(new Steps(8, Steps.UNKNOWN)))
        .isInstanceOf(Unfit.class)
        .hasMessageContaining("gets sequences of 8 x time");
  }
}
