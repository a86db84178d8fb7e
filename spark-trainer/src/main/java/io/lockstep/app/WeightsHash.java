package io.lockstep.app;

import io.lockstep.data.file.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** SHA-256 of the weights in a model's file: of the entry {@code coefficients.bin}, in hex. */
final class WeightsHash {
  private static final String WEIGHTS = "coefficients.bin";

  private WeightsHash() {}

  static String of(String file, Configuration settings) throws IOException {
    Path path = new Path(file);
    try (var zip = new ZipInputStream(path.getFileSystem(settings).open(path))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(WEIGHTS)) {
          MessageDigest digest = Sha256.digest();
          zip.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
          return Sha256.hex(digest);
        }
      }
    }
    throw new IOException(file + " has no " + WEIGHTS);
  }
}
