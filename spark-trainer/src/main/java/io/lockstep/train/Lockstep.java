package io.lockstep.train;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Sha256;
import io.lockstep.layers.GRU;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What this build calls itself. */
public final class Lockstep {
  private static final String OWN = "io/lockstep/";
  private static final int HASH_DIGITS = 12;

  private Lockstep() {}

  /** Version of this build. */
  public static String version() {
    return Optional.ofNullable(Lockstep.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Version of this build and a hash of its code: equal words, the same classes. */
  public static String build() {
    MessageDigest digest = Sha256.digest();
    // One jar in a release; a folder or a jar of each module in between.
    Stream.of(Lockstep.class, InputException.class, TrainingState.class, GRU.class)
        .map(type -> type.getProtectionDomain().getCodeSource())
        .distinct()
        .forEach(source -> digest(source, digest));
    return "%s (code %s)".formatted(version(), Sha256.hex(digest).substring(0, HASH_DIGITS));
  }

  private static void digest(CodeSource source, MessageDigest digest) {
    try {
      Path path = Path.of(source.getLocation().toURI());
      if (Files.isDirectory(path)) {
        digestFolder(path, digest);
      } else {
        digestJar(path, digest);
      }
    } catch (Exception e) {
      // A class loader that does not say where classes lie: the version has to do.
      digest.update((byte) 0);
    }
  }

  private static void digestFolder(Path folder, MessageDigest digest) throws IOException {
    try (Stream<Path> walked = Files.walk(folder.resolve(OWN))) {
      List<Path> files =
          walked.filter(file -> file.toString().endsWith(".class")).sorted().toList();
      for (Path file : files) {
        digest.update(Files.readAllBytes(file));
      }
    }
  }

  /** By what the jar's directory says of each class, which is read in no time. */
  private static void digestJar(Path jar, MessageDigest digest) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().startsWith(OWN) && entry.getName().endsWith(".class"))
          .sorted(Comparator.comparing(ZipEntry::getName))
          .forEach(
              entry ->
                  digest.update(
                      (entry.getName() + " " + entry.getCrc() + "\n")
                          .getBytes(StandardCharsets.UTF_8)));
    }
  }
}
