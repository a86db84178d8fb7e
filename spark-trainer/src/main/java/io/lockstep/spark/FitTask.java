package io.lockstep.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Standardization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Fits a standardisation on shards, each where it lies, and merges them in replica order. */
final class FitTask {
  private FitTask() {}

  /** What one shard brings, encoded. */
  static byte[] run(ExampleBlock shard) {
    var fit = new Standardization.Fit(shard.width());
    fit.add(shard);
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      fit.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The fit of all shards. */
  static Standardization.Fit merge(List<byte[]> inReplicaOrder) {
    int width = ByteBuffer.wrap(inReplicaOrder.get(0)).getInt();
    var whole = new Standardization.Fit(width);
    for (byte[] bytes : inReplicaOrder) {
      try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        whole.merge(Standardization.Fit.readFrom(in, width));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return whole;
  }
}
