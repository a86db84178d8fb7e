package io.lockstep.compute.lanes;

/** Chooses the implementation of {@link Lanes} once per JVM. */
final class LanesChoice {
  static final Lanes BEST = choose();

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
}
