package io.lockstep.train;

import java.util.Optional;

/** What this build calls itself. */
public final class Lockstep {
  private Lockstep() {}

  /** Version of this build. */
  public static String version() {
    return Optional.ofNullable(Lockstep.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
