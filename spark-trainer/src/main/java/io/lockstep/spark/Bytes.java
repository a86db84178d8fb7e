package io.lockstep.spark;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** Runs of bytes in a serializer's stream, each after its length. */
final class Bytes {
  private Bytes() {}

  static void write(ObjectOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] read(ObjectInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
