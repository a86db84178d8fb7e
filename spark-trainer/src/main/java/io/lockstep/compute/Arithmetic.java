package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.data.file.Sha256;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What this JVM adds and multiplies with, as far as the bits of results hang on it.
 *
 * <p>Native libraries choose their code by the processor and by variables of the environment
 * ({@code OPENBLAS_CORETYPE}), and other code sums in another order. What they chose they do not
 * all tell, so a few products, sums and functions are computed whose results differ in their last
 * bits wherever the code does; their hash stands for it.
 */
public final class Arithmetic {
  private static final int[][] PRODUCTS = {
    {7, 5, 300}, {64, 64, 64}, {37, 129, 515}, {1, 200, 777}
  };
  private static final int HASH_DIGITS = 16;

  private Arithmetic() {}

  /**
   * Describes this JVM's arithmetic with one native thread: equal words, equal bits. Takes some
   * milliseconds; thread-safe.
   */
  public static String describe() {
    return "%s, probe %s%s"
        .formatted(
            System.getProperty("os.arch").toLowerCase(Locale.ROOT),
            NativeThreads.with(1, Arithmetic::probe),
            Lanes.isUsable() ? "" : ", no fused multiply-add");
  }

  private static String probe() {
    var random = new SplittableRandom(1);
    MessageDigest digest = Sha256.digest();
    for (int[] shape : PRODUCTS) {
      INDArray a = values(random, shape[0], shape[2]);
      INDArray b = values(random, shape[2], shape[1]);
      INDArray product = a.mmul(b);
      update(digest, product);
      update(digest, a.transpose().dup().transpose().mmul(b));
      update(digest, Transforms.exp(product, true));
      update(digest, Transforms.tanh(product, true));
      update(digest, a.sum(0));
      update(digest, a.sum(1));
    }
    return Sha256.hex(digest).substring(0, HASH_DIGITS);
  }

  private static INDArray values(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }

  private static void update(MessageDigest digest, INDArray array) {
    for (float value : array.dup('c').data().asFloat()) {
      int bits = Float.floatToIntBits(value);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        digest.update((byte) (bits >>> shift));
      }
    }
  }
}
