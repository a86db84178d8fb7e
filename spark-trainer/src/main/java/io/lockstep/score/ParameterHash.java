package io.lockstep.score;

import io.lockstep.data.file.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** SHA-256 of parameters, big-endian, in hex. */
final class ParameterHash {
  private static final int AT_A_TIME = 1 << 14;

  private ParameterHash() {}

  static String of(float[] parameters) {
    MessageDigest digest = Sha256.digest();
    ByteBuffer buffer = ByteBuffer.allocate(AT_A_TIME * Float.BYTES);
    for (int from = 0; from < parameters.length; from += AT_A_TIME) {
      int count = Math.min(AT_A_TIME, parameters.length - from);
      buffer.clear();
      buffer.asFloatBuffer().put(parameters, from, count);
      digest.update(buffer.limit(count * Float.BYTES));
    }
    return Sha256.hex(digest);
  }
}
