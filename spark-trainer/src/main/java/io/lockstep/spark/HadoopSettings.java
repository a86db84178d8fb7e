package io.lockstep.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;

/** The driver's Hadoop settings as bytes, in Hadoop's own layout, so that executors read alike. */
final class HadoopSettings {
  private HadoopSettings() {}

  static byte[] encode(Configuration hadoop) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      hadoop.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Configuration decode(byte[] bytes) {
    var hadoop = new Configuration(false);
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      hadoop.readFields(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hadoop;
  }
}
