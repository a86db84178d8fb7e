package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** The contract on an object store that puts an object only if there is none, as S3 does. */
class ConditionalPutRunDirectoryTest extends RunDirectoryContract {
  private final String bucket = UUID.randomUUID().toString();

  @Override
  protected FileSystem system() throws IOException {
    return directory().getFileSystem(ObjectFileSystem.settings());
  }

  @Override
  protected Path directory() {
    return new Path("objects://" + bucket + "/runs/run");
  }

  @Test
  void nothingIsCopied() throws IOException {
    RunDirectory directory =
        RunDirectory.create(
            Files.on(system()), directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE);
    Runs.work(directory, 6, new ArrayList<>());
    Runs.work(directory, 8, new ArrayList<>());

    assertThat(ObjectFileSystem.bucket(bucket).copied()).isZero();
    assertThat(ObjectFileSystem.bucket(bucket).list(""))
        .noneMatch(key -> key.endsWith(Files.ASIDE));
  }

  @Test
  void whatFailsWhileItIsWrittenLeavesTheOlderFile() throws IOException {
    Files files = Files.on(system());
    Path file = new Path(directory(), "file");
    files.write(file, "older");

    assertThatThrownBy(
            () ->
                files.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("cut off");
                    }))
        .hasMessage("cut off");

    assertThat(files.read(file)).isEqualTo("older");
  }
}
