package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.Lockstep.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/lockstep} and the one jar, before anything is trained. */
class LauncherIT {
  @TempDir Path folder;

  @Test
  void runsFromAnyFolderThroughASymbolicLinkWithSpaces() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("a folder"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("lock step"), Checkout.launcher());

    Outcome outcome = Lockstep.script(link, "--version").in(elsewhere).run();
    Files.delete(link);

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).startsWith("lockstep ").contains("Spark ").contains("natives ");
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    Outcome outcome = Lockstep.script("trian").run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("error: ");
  }

  @Test
  void saysWhatIsMissingWithoutAJdk() throws Exception {
    Outcome outcome =
        Lockstep.script("--version").with("JAVA_HOME", folder.resolve("none").toString()).run();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("JDK 17").contains("JAVA_HOME");
  }

  @Test
  void theOneJarRunsUnderSparkSubmit() throws Exception {
    Outcome outcome = Lockstep.submit("local[1]", "--version").run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("lockstep ");
  }
}
