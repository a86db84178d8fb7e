package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;

/** What this machine offers the kernels, said in one line. */
final class Platform {
  private Platform() {}

  /**
   * Names the system, the processor's architecture, the BLAS below ND4J, and what recurrent layers
   * run in: vectors, or something slower and why.
   */
  static String describe() {
    return "platform: %s %s, %s, recurrent steps in %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.arch").toLowerCase(Locale.ROOT),
            Nd4j.factory().blas().getBlasVendor(),
            Lanes.isUsable()
                ? Lanes.best().description()
                : "stock DL4J, since this processor has no fused multiply-add");
  }
}
