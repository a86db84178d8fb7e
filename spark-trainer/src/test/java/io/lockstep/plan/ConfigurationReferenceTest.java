package io.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
  @Test
  void docsAreUpToDate() throws IOException {
    Path page = Path.of("..", "docs", "configuration.md");
    assertThat(Files.readString(page))
        .as(
            "docs/configuration.md is stale; run:"
                + " scripts/lockstep config --docs > docs/configuration.md")
        .isEqualTo(ConfigurationReference.markdown());
  }
}
