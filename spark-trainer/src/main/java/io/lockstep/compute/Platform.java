package io.lockstep.compute;

import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;

/** What this machine offers the kernels, said in one line. */
final class Platform {
  private Platform() {}

  /** Names the system, the processor's architecture and the BLAS below ND4J. */
  static String describe() {
    return "platform: %s %s, %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.arch").toLowerCase(Locale.ROOT),
            Nd4j.factory().blas().getBlasVendor());
  }
}
