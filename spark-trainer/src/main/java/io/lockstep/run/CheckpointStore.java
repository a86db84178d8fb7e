package io.lockstep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.data.InputException;
import io.lockstep.data.file.Sha256;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run, in a directory of their own.
 *
 * <p>A checkpoint named {@code NAME} is two files. {@code NAME.state} holds its bytes ({@link
 * CheckpointCodec}); it is written aside, closed and renamed. {@code NAME.json}, the manifest, is
 * written the same way after it and states its length and SHA-256, so a checkpoint is visible
 * exactly when it is whole. Its name is the round to come and the session that wrote it: no name is
 * ever used twice, so nothing visible is ever replaced. When a checkpoint is dropped, its manifest
 * goes first.
 *
 * <p>The best model of early stopping is kept in the same way, its name beginning with {@value
 * #BEST}; a manifest names the best that belongs to its checkpoint, and a checkpoint whose best is
 * damaged counts as damaged.
 *
 * <p>Not thread-safe; only one process may write.
 */
final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String STATE = ".state";
  private static final String MANIFEST = ".json";
  private static final String BEST = "best-";

  /** Appended to the manifest of a damaged checkpoint, which is left to be looked at. */
  private static final String DAMAGED = ".damaged";

  private static final Logs NO_LOGS = new Logs(List.of(), List.of());

  private final Files files;
  private final Path directory;
  private final int keep;
  private Optional<String> best = Optional.empty();
  private long bestRound;

  /**
   * @param keep newest checkpoints kept, at least 1
   */
  CheckpointStore(Files files, Path directory, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("At least one checkpoint must be kept, not " + keep);
    }
    this.files = files;
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * A checkpoint that was read whole.
   *
   * @param name of it
   * @param checkpoint itself
   * @param best the best model so far, present if and only if its patience has a best
   * @param logs as they were at its time
   * @param provenance of what was trained up to it, as far as it was recorded
   */
  record Restored(
      String name,
      Checkpoint checkpoint,
      Optional<Checkpoint> best,
      Logs logs,
      Optional<Provenance> provenance) {}

  /** How far both logs are. */
  record Logs(List<LogSegment> events, List<LogSegment> ledger) {
    Logs {
      events = List.copyOf(events);
      ledger = List.copyOf(ledger);
    }
  }

  /**
   * The newest whole checkpoint, if there is one, and what was found on the way to it.
   *
   * @param restored the newest whole one
   * @param damaged names of newer ones
   * @param skipped what is wrong with each of them
   */
  record Recovery(Optional<Restored> restored, List<String> damaged, List<String> skipped) {}

  /**
   * What was written.
   *
   * @param name of the checkpoint
   * @param bytes of its state
   * @param needed how far the logs are for each kept checkpoint; empty if it cannot be known
   */
  record Written(String name, long bytes, Optional<List<Logs>> needed) {}

  /**
   * Keeps {@code checkpoint} as the best model so far, beside the checkpoints; the next {@link
   * #save} names it.
   */
  void saveBest(Checkpoint checkpoint, int session) throws IOException {
    String name = BEST + name(checkpoint.position().round(), session);
    write(name, checkpoint, NO_LOGS, null, null);
    best = Optional.of(name);
    bestRound = checkpoint.position().round();
  }

  /** Makes {@code checkpoint} the newest one and drops those that are too many. */
  Written save(Checkpoint checkpoint, int session, Logs logs, Optional<Provenance> provenance)
      throws IOException {
    String bestName = null;
    Optional<Patience.Best> wanted = checkpoint.patience().best();
    if (wanted.isPresent()) {
      if (best.isEmpty() || bestRound != wanted.get().round()) {
        throw new IllegalStateException(
            "The best model, of round %d, was not saved".formatted(wanted.get().round()));
      }
      bestName = best.get();
    }
    String name = name(checkpoint.position().round(), session);
    long bytes = write(name, checkpoint, logs, bestName, provenance.orElse(null));
    return new Written(name, bytes, drop());
  }

  private static String name(long round, int session) {
    return String.format(Locale.ROOT, "%012d-%05d", round, session);
  }

  private long write(
      String name, Checkpoint checkpoint, Logs logs, String bestName, Provenance provenance)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    files.write(
        path(name, STATE),
        out -> {
          // The digest sees what the codec makes, not what the file system then does to it.
          var hashed = new DigestOutputStream(out, digest);
          CheckpointCodec.write(checkpoint, hashed);
          hashed.flush();
        });
    long bytes = files.system().getFileStatus(path(name, STATE)).getLen();
    var manifest =
        new Manifest(
            logs.events(),
            logs.ledger(),
            bestName,
            Manifest.FORMAT,
            Manifest.VERSION,
            checkpoint.plan(),
            checkpoint.position().round(),
            checkpoint.position().epoch(),
            bytes,
            Sha256.hex(digest),
            provenance);
    files.write(path(name, MANIFEST), Json.text(manifest));
    return bytes;
  }

  private Path path(String name, String suffix) {
    return new Path(directory, name + suffix);
  }

  /**
   * Reads the newest checkpoint that is whole. Changes nothing on disk.
   *
   * @throws InputException if that checkpoint is of another plan
   */
  Recovery restore(String plan) throws IOException {
    Recovery found = newest();
    found.restored().ifPresent(restored -> checkPlan(restored.checkpoint().plan(), plan));
    return found;
  }

  /** Reads the newest checkpoint that is whole, of whatever plan. Changes nothing on disk. */
  Recovery newest() throws IOException {
    var damaged = new ArrayList<String>();
    var skipped = new ArrayList<String>();
    for (String name : newestFirst(files.names(directory))) {
      try {
        Restored restored = read(name);
        return new Recovery(Optional.of(restored), damaged, skipped);
      } catch (DamagedFileException e) {
        String message =
            "checkpoint %s is damaged and was skipped: %s"
                .formatted(path(name, MANIFEST), e.getMessage());
        LOG.warn("{}", message);
        damaged.add(name);
        skipped.add(message);
      }
    }
    return new Recovery(Optional.empty(), damaged, skipped);
  }

  /** Whether a file of this name may be that of the checkpoint of round 0. */
  static boolean isBeginning(String file) {
    return file.matches("0{12}-\\d{5}\\.(state|json)(\\.tmp)?");
  }

  /** Names of checkpoints, not of bests, that have a manifest. */
  private static List<String> newestFirst(List<String> files) {
    return files.stream()
        .filter(file -> file.endsWith(MANIFEST) && !file.startsWith(BEST))
        .map(file -> file.substring(0, file.length() - MANIFEST.length()))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private void checkPlan(String found, String expected) {
    if (!found.equals(expected)) {
      throw new InputException(
          """
          The checkpoints in %s were made with another plan (its fingerprint is %s, the given \
          plan's is %s), so this plan cannot go on from them. Resume without changes to the plan, \
          or train the changed plan in another run directory.\
          """
              .formatted(directory, found, expected));
    }
  }

  private Restored read(String name) throws IOException {
    Manifest manifest = manifest(name);
    Checkpoint checkpoint = state(name, manifest);
    Optional<Checkpoint> bestModel = Optional.empty();
    Optional<Patience.Best> wanted = checkpoint.patience().best();
    if (wanted.isPresent()) {
      String bestName =
          Optional.ofNullable(manifest.best())
              .orElseThrow(() -> new DamagedFileException("its manifest names no best model"));
      Checkpoint found = state(bestName, manifest(bestName));
      if (found.position().round() != wanted.get().round()) {
        throw new DamagedFileException(
            "its best model is of round %d, not %d"
                .formatted(found.position().round(), wanted.get().round()));
      }
      bestModel = Optional.of(found);
    }
    best = Optional.ofNullable(manifest.best());
    bestRound = wanted.map(Patience.Best::round).orElse(0L);
    return new Restored(
        name, checkpoint, bestModel, manifest.logs(), Optional.ofNullable(manifest.provenance()));
  }

  private Checkpoint state(String name, Manifest manifest) throws IOException {
    Path path = path(name, STATE);
    try {
      long length = files.system().getFileStatus(path).getLen();
      if (length != manifest.bytes()) {
        throw new DamagedFileException(
            "%s has %d bytes instead of %d".formatted(path.getName(), length, manifest.bytes()));
      }
      checkHash(path, manifest.sha256());
      try (var in = new BufferedInputStream(files.open(path))) {
        Checkpoint checkpoint = CheckpointCodec.read(in, length);
        if (checkpoint.position().round() != manifest.round()
            || !checkpoint.plan().equals(manifest.plan())) {
          throw new DamagedFileException(path.getName() + " is of another round or plan");
        }
        return checkpoint;
      }
    } catch (FileNotFoundException e) {
      throw new DamagedFileException(path.getName() + " is missing", e);
    } catch (ChecksumException e) {
      throw new DamagedFileException("%s is unreadable: %s".formatted(path.getName(), e), e);
    }
  }

  /** Reads the file once only for its hash, so that nothing is parsed or allocated before. */
  private void checkHash(Path path, String expected) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = files.open(path)) {
      byte[] chunk = new byte[1 << 16];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    String found = Sha256.hex(digest);
    if (!found.equals(expected)) {
      throw new DamagedFileException(
          "%s has SHA-256 %s instead of %s".formatted(path.getName(), found, expected));
    }
  }

  private Manifest manifest(String name) throws IOException {
    Path path = path(name, MANIFEST);
    try {
      Manifest manifest = Json.parse(files.read(path), Manifest.class);
      if (manifest.format().equals(Manifest.FORMAT) && manifest.version() > Manifest.VERSION) {
        throw new InputException(
            """
            %s was written by a later Lockstep (version %d of the file, this one reads up to %d): \
            go on with that one.\
            """
                .formatted(path, manifest.version(), Manifest.VERSION));
      }
      if (!manifest.format().equals(Manifest.FORMAT) || manifest.version() < 1) {
        throw new DamagedFileException(
            "%s is not of format %s, version 1 to %d"
                .formatted(path.getName(), Manifest.FORMAT, Manifest.VERSION));
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new DamagedFileException(
          "%s is damaged: %s".formatted(path.getName(), e.getOriginalMessage()), e);
    } catch (FileNotFoundException e) {
      throw new DamagedFileException(path.getName() + " is missing", e);
    }
  }

  /** Sets damaged checkpoints aside and deletes what a crash left behind. */
  void tidy(Recovery recovery) throws IOException {
    for (String name : recovery.damaged()) {
      Path manifest = path(name, MANIFEST);
      if (!files.system().rename(manifest, manifest.suffix(DAMAGED))) {
        throw new IOException("Could not set the damaged checkpoint %s aside".formatted(manifest));
      }
    }
    List<String> names = files.names(directory);
    for (String file : names) {
      boolean torn = file.endsWith(Files.ASIDE);
      boolean orphan = file.endsWith(STATE) && !isNamed(names, file);
      if (torn || orphan) {
        files.system().delete(new Path(directory, file), false);
      }
    }
  }

  private static boolean isNamed(List<String> names, String stateFile) {
    String manifest = stateFile.substring(0, stateFile.length() - STATE.length()) + MANIFEST;
    return names.contains(manifest) || names.contains(manifest + DAMAGED);
  }

  /**
   * Drops all but the newest checkpoints, and the bests that none of those needs; returns the logs
   * that they need. Nothing is dropped but checkpoints if what is needed cannot be known.
   */
  private Optional<List<Logs>> drop() throws IOException {
    List<String> names = files.names(directory);
    List<String> checkpoints = newestFirst(names);
    int kept = Math.min(keep, checkpoints.size());
    for (String name : checkpoints.subList(kept, checkpoints.size())) {
      delete(name);
    }
    Set<String> bests = new HashSet<>();
    best.ifPresent(bests::add);
    var logs = new ArrayList<Logs>();
    for (String name : checkpoints.subList(0, kept)) {
      try {
        Manifest manifest = manifest(name);
        logs.add(manifest.logs());
        if (manifest.best() != null) {
          bests.add(manifest.best());
        }
      } catch (DamagedFileException e) {
        LOG.warn("Checkpoint {} has been damaged: {}", path(name, MANIFEST), e.getMessage());
        return Optional.empty();
      }
    }
    for (String file : names) {
      if (file.startsWith(BEST) && file.endsWith(MANIFEST)) {
        String name = file.substring(0, file.length() - MANIFEST.length());
        if (!bests.contains(name)) {
          delete(name);
        }
      }
    }
    return Optional.of(logs);
  }

  private void delete(String name) throws IOException {
    files.system().delete(path(name, MANIFEST), false);
    files.system().delete(path(name, STATE), false);
  }
}
