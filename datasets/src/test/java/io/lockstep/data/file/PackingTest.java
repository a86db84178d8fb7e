package io.lockstep.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.lockstep.data.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackingTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void contentIsTheSameHoweverItIsPacked(Packing packing) throws IOException {
    byte[] text = "a,b\n1,2\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    DataFile file = file(packed(packing, text));
    try (DataFile.Content content = file.openContent(HADOOP)) {
      assertThat(content.exact()).isEqualTo(packing == Packing.NONE);
      assertThat(content.in().readAllBytes()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aCutFileIsDamage(Packing packing) throws IOException {
    byte[] text = "a,b\n1,2\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    byte[] packed = packed(packing, text);
    // Hadoop's bzip2 takes the first ten bytes for an empty file, and misses the check sum at the
    // end when all content is there.
    int end = packed.length - (packing == Packing.BZIP2 ? 10 : 0);
    for (int length = 10; length < end; length++) {
      DataFile file = file(Arrays.copyOf(packed, length));
      assertThatThrownBy(() -> read(file))
          .as("cut at %d", length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cut short or damaged");
    }
  }

  @Test
  void aMachineWithoutTheLibraryOfZstdIsTold() {
    assertThatThrownBy(
            () ->
                Packing.zstd(
                    InputStream.nullInputStream(),
                    in -> {
                      throw new UnsatisfiedLinkError("no zstd-jni in java.library.path");
                    }))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("whose native library cannot be loaded on this machine (no zstd-jni")
        .hasMessageContaining("Unpack the file first, or pack it by gzip");
  }

  private static void read(DataFile file) throws IOException {
    try (DataFile.Content content = file.openContent(HADOOP)) {
      content.in().readAllBytes();
    } catch (IOException e) {
      throw Packing.isDamage(e) ? Packing.damaged(file.name(), e) : new IllegalStateException(e);
    }
  }

  /** Packs {@code content}. */
  static byte[] packed(Packing packing, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BZip2Codec bzip2 = new BZip2Codec();
    bzip2.setConf(HADOOP);
    try (OutputStream out =
        switch (packing) {
          case NONE -> bytes;
          case GZIP -> new GZIPOutputStream(bytes);
          case BZIP2 -> bzip2.createOutputStream(bytes);
          case ZSTD -> new ZstdOutputStream(bytes);
        }) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private DataFile file(byte[] content) throws IOException {
    return DataFiles.one(HADOOP, Files.write(folder.resolve("data"), content).toString());
  }
}
