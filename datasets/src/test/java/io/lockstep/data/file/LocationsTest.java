package io.lockstep.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private java.nio.file.Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"export-2024-01-01T10:00.csv", "a:b:c", "sub:folder/a:b.csv", ":", "plain"})
  void colonsBelongToNames(String name) throws IOException {
    java.nio.file.Path expected = folder.resolve(name);
    Files.createDirectories(expected.getParent());
    Files.writeString(expected, "text");
    FileSystem system = FileSystem.newInstanceLocal(HADOOP).getRawFileSystem(); // not shared
    system.setWorkingDirectory(new Path(folder.toUri()));

    Path absolute = Locations.path(expected.toString());
    Path relative = Locations.path(name);

    assertThat(Locations.system(HADOOP, expected.toString()).getUri().getScheme())
        .isEqualTo("file");
    assertThat(system.getFileStatus(absolute).getLen()).isEqualTo(4);
    assertThat(system.getFileStatus(relative).getLen()).isEqualTo(4);
    assertThat(system.makeQualified(relative)).isEqualTo(system.makeQualified(absolute));
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs://host:8020/a/b, hdfs, /a/b",
    "file:/a/b, file, /a/b",
    "s3a://bucket/key, s3a, /key",
    "viewfs:/x, viewfs, /x"
  })
  void aSchemeIsWhatASlashFollows(String text, String scheme, String path) {
    assertThat(Locations.path(text).toUri().getScheme()).isEqualTo(scheme);
    assertThat(Locations.path(text).toUri().getPath()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = "")
  void anEmptyPathIsTheUsersMistake(String text) {
    assertThatThrownBy(() -> Locations.path(text)).isInstanceOf(InputException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://bucket/key, hadoop-aws",
    "nosuch://x/y, no file system for its scheme",
    "https://example.org/x.csv, Download it first",
    "hdfs://no-such-host.invalid:8020/x, unknown host no-such-host.invalid"
  })
  void whatNoFileSystemCanReachIsTheUsersMistake(String path, String message) {
    assertThatThrownBy(() -> Locations.system(HADOOP, path))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(message);
  }

  @Test
  void failuresAreSaidInWordsOfTheUser() throws Exception {
    assertThat(Failures.reason(fsError(new IOException("No space left on device"))))
        .isEqualTo("the disk is full: free space on it");
    assertThat(Failures.reason(new AccessControlException("user=ann, access=WRITE\n  at x")))
        .contains("permission is denied", "(user=ann, access=WRITE)");
    assertThat(Failures.reason(new FileNotFoundException("/x (Permission denied)")))
        .contains("permission is denied");
    assertThat(
            Failures.reason(
                new RemoteException(AccessControlException.class.getName(), "not yours")))
        .contains("permission is denied", "not yours");
    assertThat(Failures.reason(new IOException("x", new UnknownHostException("node7"))))
        .isEqualTo("the host node7 is unknown: correct its name");
    assertThat(Failures.reason(new ConnectException("refused"))).contains("does not answer");
    assertThat(Failures.reason(new IOException("Disk quota exceeded"))).contains("quota");
    assertThat(Failures.reason(new IOException())).isEqualTo("IOException");
  }

  /** What Hadoop's local file system throws; it keeps the constructor to itself. */
  private static FSError fsError(IOException cause) throws Exception {
    var constructor = FSError.class.getDeclaredConstructor(Throwable.class);
    constructor.setAccessible(true);
    return constructor.newInstance(cause);
  }
}
