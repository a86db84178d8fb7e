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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    java.nio.file.Path segment = folder.resolve("run/ledger/00001-00003.jsonl");
    String whole = java.nio.file.Files.readString(segment);

    java.nio.file.Files.writeString(segment, whole.substring(0, whole.length() - 5));
    assertThat(directory.ledger()).hasSize(1);
    java.nio.file.Files.writeString(segment, whole.replaceFirst("\"round\":1", "\"rou") + "{}\n");
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
      assertThat(state(run)).isEqualTo(RunProgress.State.RUNNING);
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("run/owner-00001.json")).exists();
    assertThat(state(run)).isEqualTo(RunProgress.State.BROKEN_OFF);

    Runs.work(RunDirectory.open(new Configuration(), run), 2, new ArrayList<>());

    assertThat(folder.resolve("run/owner-00001.json")).doesNotExist();
    assertThat(folder.resolve("run/events").toFile().list())
        .anyMatch(name -> name.startsWith("00002-"));
  }

  private static RunProgress.State state(String run) throws IOException {
    return RunDirectory.open(new Configuration(), run).progress().state();
  }

  @Test
  void aColonMayBeInTheNameOfTheDirectory() throws IOException {
    String run = folder.resolve("run-2024-01-01T10:00").toString();

    Runs.work(
        RunDirectory.create(new Configuration(), run, Runs.RECORDED, RunDirectory.IfExists.REFUSE),
        3,
        new ArrayList<>());

    assertThat(RunDirectory.open(new Configuration(), run).ledger()).hasSize(3);
    assertThat(java.nio.file.Path.of(run, "model.zip")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs://no-such-host.invalid:8020/runs/x, unknown host no-such-host.invalid",
    "s3a://bucket/runs/x, hadoop-aws",
    "nosuch://x/y, no file system for its scheme",
    "https://example.org/runs/x, is on the web"
  })
  void aDirectoryThatNoFileSystemHasIsTheUsersMistake(String directory, String message) {
    assertThatThrownBy(
            () ->
                RunDirectory.create(
                    new Configuration(), directory, Runs.RECORDED, RunDirectory.IfExists.REFUSE))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(directory, message);
    assertThatThrownBy(() -> RunDirectory.open(new Configuration(), directory))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(directory, message);
  }

  @Test
  void aDiskThatFillsUpIsOneSentenceAndLeavesTheLastCheckpoint() throws IOException {
    var disk = new FullDisk(new QuickLocalFileSystem());
    RunDirectory directory =
        RunDirectory.create(
            new Files(disk), directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE);
    try (RunSession session = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      session.record(Runs.ledger(0));
      session.save(Runs.checkpoint(1));
      session.record(Runs.ledger(1));
      session.saveBest(Runs.model(2));
      disk.fill();

      assertThatThrownBy(() -> session.save(Runs.checkpoint(2)))
          .isInstanceOf(RunFileException.class)
          .hasMessageContainingAll("000000000002-00001", "cannot be written", "the disk is full");
      disk.free();
    }
    assertThat(folder.resolve("run/checkpoints").toFile().list())
        .noneMatch(name -> name.endsWith(Files.ASIDE));
    Runs.work(RunDirectory.open(new Files(disk), directory()), 3, new ArrayList<>());
    assertThat(RunDirectory.open(new Files(disk), directory()).ledger()).hasSize(3);
  }

  @Test
  void aFullDiskIsSaidAlsoWhereTheDirectoryIsMade() throws IOException {
    var disk = new FullDisk(new QuickLocalFileSystem());
    disk.fill();

    assertThatThrownBy(
            () ->
                RunDirectory.create(
                    new Files(disk), directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE))
        .isInstanceOf(RunFileException.class)
        .hasMessageContaining("the disk is full: free space on it");
  }
}
