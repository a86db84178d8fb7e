package io.lockstep.compute;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.lockstep.compute.lanes.Lanes;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/** What this machine adds and multiplies with: where it differs, bits may. */
public final class Arithmetic {
  private Arithmetic() {}

  /**
   * Names the architecture, the BLAS and the core that it was told to compute for, the widest
   * vectors that the JVM uses, and what recurrent layers run in. The same words on machines that
   * give the same bits; different words do not prove different bits.
   */
  public static String describe() {
    String core = System.getenv("OPENBLAS_CORETYPE");
    return "%s, %s for %s, AVX level %s, recurrent steps in %s"
        .formatted(
            System.getProperty("os.arch").toLowerCase(Locale.ROOT),
            Nd4j.factory().blas().getBlasVendor(),
            core == null || core.isBlank() ? "the processor it finds" : core,
            avx(),
            Lanes.isUsable() ? Lanes.best().description() : "stock DL4J");
  }

  private static String avx() {
    return Optional.ofNullable(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class))
        .map(
            flags -> {
              try {
                return flags.getVMOption("UseAVX").getValue();
              } catch (IllegalArgumentException e) {
                return "none"; // another JVM or processor, without this flag
              }
            })
        .orElse("none");
  }
}
