package io.lockstep.compute.lanes;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** Chooses the implementation of {@link Lanes} once per JVM. */
final class LanesChoice {
  static final Supplier<Lanes> BEST = choose();
  static final boolean FUSED = hasFusedMultiplyAdd();

  private LanesChoice() {}

  private static Supplier<Lanes> choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return plain("the JVM was started without --add-modules=jdk.incubator.vector");
    }
    try {
      create();
      return () -> {
        try {
          return create();
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("what could be created once cannot be again", e);
        }
      };
    } catch (ReflectiveOperationException | LinkageError e) {
      return plain((e.getCause() == null ? e : e.getCause()).getMessage());
    }
  }

  /** By name: the class is compiled against an incubating module that a JVM need not have. */
  private static Lanes create() throws ReflectiveOperationException {
    return Class.forName(LanesChoice.class.getPackageName() + ".VectorLanes")
        .asSubclass(Lanes.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  private static Supplier<Lanes> plain(String reason) {
    return () -> new PlainLanes("plain Java, since " + reason);
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
