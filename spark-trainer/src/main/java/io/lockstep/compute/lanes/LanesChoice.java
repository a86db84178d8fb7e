package io.lockstep.compute.lanes;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** Chooses the implementation of {@link Lanes} once per JVM. */
final class LanesChoice {
  static final Lanes BEST = choose();
  static final boolean FUSED = hasFusedMultiplyAdd();

  private LanesChoice() {}

  private static Lanes choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new PlainLanes(
          "plain Java, since the JVM was started without --add-modules=jdk.incubator.vector");
    }
    try {
      // By name: the class is compiled against an incubating module that a JVM need not have.
      return Class.forName(LanesChoice.class.getPackageName() + ".VectorLanes")
          .asSubclass(Lanes.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new PlainLanes("plain Java, since " + cause.getMessage());
    }
  }

  private static boolean hasFusedMultiplyAdd() {
    try {
      HotSpotDiagnosticMXBean flags =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return flags == null || Boolean.parseBoolean(flags.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException e) {
      return true; // another JVM, without this flag
    }
  }
}
