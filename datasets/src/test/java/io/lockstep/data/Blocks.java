package io.lockstep.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;

/** Small blocks for tests. */
final class Blocks {
  private Blocks() {}

  /** {@code size} images of 2x3 pixels that count upwards, in 4 classes. */
  static ExampleBlock images(int size) {
    byte[] pixels = new byte[size * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    int[] ids = IntStream.range(0, size).map(i -> 10 + i).toArray();
    int[] classes = IntStream.range(0, size).map(i -> i % 4).toArray();
    return ExampleBlock.ofClasses(
        ids, ExampleBlock.Features.uint8(new int[] {1, 2, 3}, pixels), classes, 4);
  }

  /** {@code size} rows of 3 features and 2 numbers to be predicted. */
  static ExampleBlock rows(int size) {
    float[] features = new float[size * 3];
    float[] targets = new float[size * 2];
    for (int i = 0; i < features.length; i++) {
      features[i] = i * 0.5f - 1;
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] = -i;
    }
    int[] ids = IntStream.range(0, size).toArray();
    return ExampleBlock.ofTargets(
        ids, ExampleBlock.Features.float32(new int[] {3}, features), targets, 2);
  }

  static byte[] bytes(ExampleBlock block) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    block.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  static ExampleBlock read(byte[] bytes) throws IOException {
    return ExampleBlock.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
