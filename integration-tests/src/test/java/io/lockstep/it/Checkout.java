package io.lockstep.it;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where things lie in this checkout. */
final class Checkout {
  private static final Path ROOT = findRoot();

  private Checkout() {}

  static Path root() {
    return ROOT;
  }

  static Path launcher() {
    return ROOT.resolve("scripts/lockstep");
  }

  static Path conf() {
    return ROOT.resolve("conf");
  }

  /** A folder with {@code jars/}, as a Spark installation has it. */
  static Path sparkHome() {
    return ROOT.resolve("spark-trainer/target/spark");
  }

  /** The jar that users submit. */
  static Path jar() {
    List<Path> found = new ArrayList<>();
    Path target = ROOT.resolve("spark-trainer/target");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "lockstep-[0-9]*.jar")) {
      jars.forEach(found::add);
    } catch (IOException e) {
      throw new IllegalStateException(target + " is not there: run mvn verify at the root", e);
    }
    if (found.size() != 1) {
      throw new IllegalStateException(
          "expected one packaged jar in " + target + ", found " + found + ": run mvn clean verify");
    }
    return found.get(0);
  }

  private static Path findRoot() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("scripts/lockstep"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "not within a checkout of Lockstep: " + Path.of("").toAbsolutePath());
  }
}
