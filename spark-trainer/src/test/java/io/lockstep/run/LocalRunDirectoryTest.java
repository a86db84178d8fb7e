package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.util.ArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on local files, and what only they have. */
class LocalRunDirectoryTest extends RunDirectoryContract {
  @TempDir private java.nio.file.Path folder;

  @Override
  protected FileSystem system() throws IOException {
    return new QuickLocalFileSystem();
  }

  @Override
  protected Path directory() {
    return new Path(folder.resolve("run").toUri());
  }

  @Test
  void aDirectoryThatCannotBeMadeIsTheUsersMistake() throws IOException {
    java.nio.file.Path file = java.nio.file.Files.writeString(folder.resolve("file"), "text");

    assertThatThrownBy(
            () ->
                RunDirectory.create(
                    new Configuration(),
                    file + "/run",
                    Runs.RECORDED,
                    RunDirectory.IfExists.REFUSE))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(file + "/run", "cannot be written to", "--set run.directory=");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsTheUsersMistake() throws IOException {
    java.nio.file.Path file = java.nio.file.Files.writeString(folder.resolve("file"), "text");

    assertThatThrownBy(
            () ->
                RunDirectory.create(
                    new Configuration(),
                    file.toString(),
                    Runs.RECORDED,
                    RunDirectory.IfExists.REFUSE))
        .isInstanceOf(InputException.class);
    assertThat(file).hasContent("text");
  }

  @Test
  void noHiddenChecksumFilesAreLeftBesideTheRecord() throws IOException {
    RunDirectory directory =
        RunDirectory.create(
            new Configuration(),
            folder.resolve("run").toString(),
            Runs.RECORDED,
            RunDirectory.IfExists.REFUSE);
    Runs.work(directory, 2, new ArrayList<>());

    try (var all = java.nio.file.Files.walk(folder)) {
      assertThat(all).noneMatch(path -> path.getFileName().toString().endsWith(".crc"));
    }
  }

  @Test
  void aTornLastLineOfALogDoesNotCountButDamageWithinIsAnError() throws IOException {
    RunDirectory directory =
        RunDirectory.create(
            new Configuration(),
            folder.resolve("run").toString(),
            Runs.RECORDED,
            RunDirectory.IfExists.REFUSE);
    Runs.work(directory, 2, new ArrayList<>());
    java.nio.file.Path segment = folder.resolve("run/ledger/00001.jsonl");
    String whole = java.nio.file.Files.readString(segment);

    java.nio.file.Files.writeString(segment, whole.substring(0, whole.length() - 5));
    assertThat(directory.ledger()).hasSize(1);
    java.nio.file.Files.writeString(segment, whole.replaceFirst("\"round\":0", "\"rou"));
    assertThatThrownBy(directory::ledger)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void aProcessThatLivesIsNamedAndAKilledOneIsInNobodysWay() throws Exception {
    String run = folder.resolve("run").toString();
    RunDirectory.create(new Configuration(), run, Runs.RECORDED, RunDirectory.IfExists.REFUSE);
    Process other = OtherProcess.working(run);
    try {
      assertThatThrownBy(
              () -> RunDirectory.open(new Configuration(), run).begin(Runs.KEEP, Runs.CLOCK))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("in use by process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("run/owner-00001.json")).exists();

    Runs.work(RunDirectory.open(new Configuration(), run), 2, new ArrayList<>());

    assertThat(folder.resolve("run/owner-00001.json")).doesNotExist();
    assertThat(folder.resolve("run/events/00002.jsonl")).exists();
  }
}
