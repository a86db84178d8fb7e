package io.lockstep.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFilesTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  /** As an executor does, whose working directory is another than the driver's. */
  @Test
  void aRelativePathMeansTheSameInAnotherProcess() throws IOException {
    Files.writeString(folder.resolve("rows.csv"), "a\n1\n");
    FileSystem files = FileSystem.get(HADOOP);
    var here = files.getWorkingDirectory();
    files.setWorkingDirectory(new org.apache.hadoop.fs.Path(folder.toUri()));
    Configuration travelling;
    DataFile atTheDriver;
    try {
      atTheDriver = DataFiles.one(HADOOP, "rows.csv");
      travelling = Locations.travelling(HADOOP);
    } finally {
      files.setWorkingDirectory(here);
    }

    assertThatThrownBy(() -> DataFiles.one(HADOOP, "rows.csv"))
        .hasMessageContaining("no such file");
    assertThat(DataFiles.one(travelling, "rows.csv")).isEqualTo(atTheDriver);
    assertThat(DataFiles.all(travelling, "rows.csv")).containsExactly(atTheDriver);
  }

  @Test
  void aColonInANameIsPartOfIt() throws IOException {
    Path file = write("export-2024-01-01T10:00.csv", "hi");
    DataFile found = DataFiles.one(HADOOP, file.toString());
    assertThat(content(found)).isEqualTo("hi");
    assertThat(Locations.path("x:10:00.csv").toUri().getPath()).endsWith("x:10:00.csv");
    assertThat(Locations.path("hdfs://h/x:1").toUri().getScheme()).isEqualTo("hdfs");
    assertThat(DataFiles.all(HADOOP, folder.toString()))
        .extracting(DataFile::name)
        .containsExactly(file.toString());
  }

  @Test
  void aFolderIsItsPartFilesInTheOrderOfTheirNames() throws IOException {
    write("part-00001.csv", "b");
    write("part-00000.csv", "a");
    write("part-00002.csv", "");
    write("_SUCCESS", "x");
    write(".part-00000.csv.crc", "x");
    List<DataFile> found = DataFiles.all(HADOOP, folder + "/");
    assertThat(found)
        .extracting(DataFile::name)
        .containsExactly(folder + "/part-00000.csv", folder + "/part-00001.csv");
    assertThat(found.get(0).length()).isEqualTo(1);
    assertThatThrownBy(() -> DataFiles.one(HADOOP, folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void aFolderWithoutDataOrWithFoldersIsRefused() throws IOException {
    write("_SUCCESS", "x");
    assertThatThrownBy(() -> DataFiles.all(HADOOP, folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no data files");
    Files.createDirectory(folder.resolve("day=1"));
    assertThatThrownBy(() -> DataFiles.all(HADOOP, folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds the folder day=1")
        .hasMessageContaining("/*/*.csv");
  }

  @Test
  void aGlobIsWhatItMatches() throws IOException {
    Path b = write("day-2.csv", "b");
    Path a = write("day-1.csv", "a");
    write("other.csv", "c");
    assertThat(DataFiles.all(HADOOP, folder + "/day-*.csv"))
        .extracting(DataFile::name)
        .containsExactly(a.toString(), b.toString());
    assertThatThrownBy(() -> DataFiles.all(HADOOP, folder + "/week-*.csv"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("matches no data file");
  }

  @Test
  void aNameThatLooksLikeAGlobButIsThereIsMeant() throws IOException {
    Path file = write("a[1].csv", "x");
    assertThat(DataFiles.all(HADOOP, file.toString())).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/x.csv, is on the web",
    "http://example.com/x.csv, Download it first",
    "s3a://bucket/x.csv, connector for its scheme is not on the class path",
    "abfs://c@a/x.csv, not on the class path",
    "gs://bucket/x.csv, no file system for its scheme",
    "foo://bucket/x.csv, no file system for its scheme",
    "hdfs://no-such.invalid/x.csv, unknown host no-such.invalid",
    "hdfs:///x.csv, names no host",
    "file://host/x.csv, not a path",
  })
  void whatCannotBeReachedIsOneClearError(String path, String expected) {
    assertThatThrownBy(() -> DataFiles.all(HADOOP, path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void aMissingFileNamesWhereItWasLookedFor() {
    assertThatThrownBy(() -> DataFiles.all(HADOOP, "no/such.csv"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no/such.csv: no such file (looked at file:/")
        .hasMessageContaining("taken relative to");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String content(DataFile file) throws IOException {
    try (DataFile.Content content = file.openContent(HADOOP)) {
      return new String(content.in().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
