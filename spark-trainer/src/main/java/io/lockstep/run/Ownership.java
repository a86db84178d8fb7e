package io.lockstep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.data.InputException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * The right to write into a run directory, which one process has at a time.
 *
 * <p>An owner is a small file, {@code owner-00003.json}: the number is that of the session, the
 * content says which process it is. It is made so that it appears whole and that of several
 * processes only one makes it ({@link Files#writeNew}); it is deleted when the session ends. The
 * rules:
 *
 * <ul>
 *   <li>Who finds an owner that may live does not begin. An owner whose process is certainly gone
 *       ({@link ProcessIdentity#isGone}) does not count; any other has to be taken over explicitly.
 *   <li>A number is never used twice while its segments are there: it is one more than that of any
 *       owner and any segment. The segments are listed first; so a session that began in between is
 *       seen by its owner file, which is older than its segments.
 *   <li>After making its file a process looks again. If a lower owner has come to light that may
 *       live, it withdraws: of two processes that look at the same time at least one sees the
 *       other.
 *   <li>The highest owner is the one that counts. Before anything that others see, {@link #check}
 *       looks whether there is a higher one, or whether the file is gone; then the session is over
 *       and writes nothing more.
 * </ul>
 *
 * <p>Between a check and the operation that it is for a process may be stopped, taken over and
 * woken. It then completes this one operation. That does no harm: logs and checkpoints have the
 * number of their session in their names, a checkpoint refers to its own session's logs only, and
 * the model of a run has the same bits whoever writes it.
 *
 * <p>Not thread-safe.
 */
final class Ownership implements Closeable {
  private static final String PREFIX = "owner-";
  private static final Pattern FILE = Pattern.compile(PREFIX + "(\\d{5,9})\\.json");
  private static final int ATTEMPTS = 5;

  /** Tokens of the owners in this JVM, whose process is alive whether they are or not. */
  private static final Set<String> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Files files;
  private final Path directory;
  private final int session;
  private final String token;

  private Ownership(Files files, Path directory, int session, String token) {
    this.files = files;
    this.directory = directory;
    this.session = session;
    this.token = token;
  }

  /** Finds the newest session that has written anything. */
  @FunctionalInterface
  interface NewestSession {
    int find() throws IOException;
  }

  /** What an owner's file says, as far as it says it. */
  private record Owner(
      String host,
      long pid,
      String user,
      String since,
      String machine,
      String started,
      String token) {
    static final Owner UNKNOWN = new Owner(null, -1, null, null, null, null, null);

    Owner {
      host = host == null ? "unknown host" : host;
      user = user == null ? "unknown user" : user;
      since = since == null ? "an unknown time" : since;
      machine = machine == null ? "" : machine;
      started = started == null ? "" : started;
      token = token == null ? "" : token;
    }

    static Owner of(ProcessIdentity process, Instant since, String token) {
      return new Owner(
          process.host(),
          process.pid(),
          process.user(),
          since.toString(),
          process.machine(),
          process.started(),
          token);
    }

    boolean mayLive() {
      ProcessIdentity here = ProcessIdentity.current();
      var process = new ProcessIdentity(host, machine, user, pid, started);
      if (process.equals(here)) {
        return HELD_HERE.contains(token);
      }
      return !process.isGone(here);
    }

    String describe() {
      return "process %d of %s on %s, since %s".formatted(pid, user, host, since);
    }
  }

  /** Whether a file of this name belongs to an owner, present or past. */
  static boolean isOwnerFile(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * Becomes the owner.
   *
   * @param directory that exists
   * @param newest session that has written anything
   * @param clock for the time at which it began
   * @throws InputException if another process is or may be at work
   */
  static Ownership claim(
      Files files, Path directory, NewestSession newest, RunDirectory.IfOwned ifOwned, Clock clock)
      throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      int written = newest.find();
      SortedMap<Integer, Owner> owners = owners(files, directory);
      refuse(directory, owners, ifOwned);
      int session = 1 + Math.max(written, owners.isEmpty() ? 0 : owners.lastKey());
      var ownership = new Ownership(files, directory, session, UUID.randomUUID().toString());
      if (ownership.begin(ifOwned, clock)) {
        return ownership;
      }
    }
    throw new InputException(
        directory + " is just being taken by other processes: look which, and try again");
  }

  private boolean begin(RunDirectory.IfOwned ifOwned, Clock clock) throws IOException {
    boolean begun = false;
    HELD_HERE.add(token);
    try {
      Path aside = new Path(directory, PREFIX + token + Files.ASIDE);
      if (!files.writeNew(
          file(session),
          aside,
          Json.text(Owner.of(ProcessIdentity.current(), clock.instant(), token)))) {
        return false;
      }
      SortedMap<Integer, Owner> earlier = owners(files, directory).headMap(session);
      try {
        refuse(directory, earlier, ifOwned);
      } catch (InputException e) {
        files.system().delete(file(session), false);
        throw e;
      }
      tidy();
      begun = true;
      return true;
    } finally {
      if (!begun) {
        HELD_HERE.remove(token);
      }
    }
  }

  /** Deletes what earlier owners left. */
  private void tidy() throws IOException {
    for (String name : files.names(directory)) {
      Matcher owner = FILE.matcher(name);
      boolean earlier = owner.matches() && Integer.parseInt(owner.group(1)) < session;
      boolean torn = name.startsWith(PREFIX) && name.endsWith(Files.ASIDE);
      if (earlier || torn) {
        files.system().delete(new Path(directory, name), false);
      }
    }
  }

  /**
   * Sees whether {@link #claim} would find the directory free now, and takes nothing.
   *
   * @throws InputException if another process is or may be at work
   */
  static void checkFree(Files files, Path directory, RunDirectory.IfOwned ifOwned)
      throws IOException {
    refuse(directory, owners(files, directory), ifOwned);
  }

  /** A file that would count as what an owner left behind, for trying out whether one can be. */
  static Path trial(Path directory) {
    return new Path(directory, PREFIX + UUID.randomUUID() + Files.ASIDE);
  }

  private static void refuse(
      Path directory, SortedMap<Integer, Owner> owners, RunDirectory.IfOwned ifOwned) {
    if (ifOwned == RunDirectory.IfOwned.TAKE_OVER) {
      return;
    }
    for (Owner owner : owners.values()) {
      if (owner.mayLive()) {
        throw new InputException(
            """
            %s is in use by %s. Two at once would disturb each other, so nothing was written: \
            wait for that process or stop it. If it is known to be dead, or shall be cut off, add \
            --take-over.\
            """
                .formatted(directory, owner.describe()));
      }
    }
  }

  /** The newest owner of {@code directory}, if there is one; reads only. */
  static Optional<RunOwner> newest(Files files, Path directory) throws IOException {
    SortedMap<Integer, Owner> owners = owners(files, directory);
    if (owners.isEmpty()) {
      return Optional.empty();
    }
    Owner newest = owners.get(owners.lastKey());
    return Optional.of(new RunOwner(newest.describe(), newest.mayLive()));
  }

  /** Number of the session, never used before. */
  int session() {
    return session;
  }

  /**
   * Makes sure that this is still the owner; to be called before anything is written that counts.
   *
   * @throws LostOwnershipException if another process took over
   */
  void check() throws IOException {
    SortedMap<Integer, Owner> owners = owners(files, directory);
    Owner own = owners.get(session);
    if (own != null && own.token().equals(token) && owners.lastKey() == session) {
      return;
    }
    String by =
        owners.isEmpty() || owners.lastKey() < session
            ? "another process"
            : owners.get(owners.lastKey()).describe();
    throw new LostOwnershipException(
        "%s was taken over by %s; this process wrote nothing to it since and ends"
            .formatted(directory, by));
  }

  /** Gives the right back, unless another process took it. */
  @Override
  public void close() throws IOException {
    HELD_HERE.remove(token);
    Owner own = owners(files, directory).get(session);
    if (own != null && own.token().equals(token)) {
      files.system().delete(file(session), false);
    }
  }

  private Path file(int number) {
    return new Path(directory, String.format(Locale.ROOT, "%s%05d.json", PREFIX, number));
  }

  private static SortedMap<Integer, Owner> owners(Files files, Path directory) throws IOException {
    var owners = new TreeMap<Integer, Owner>();
    for (String name : files.names(directory)) {
      Matcher matcher = FILE.matcher(name);
      if (matcher.matches()) {
        read(files, new Path(directory, name))
            .ifPresent(owner -> owners.put(Integer.valueOf(matcher.group(1)), owner));
      }
    }
    return owners;
  }

  /** Empty if the file is gone; one that cannot be understood belongs to a process unknown. */
  private static Optional<Owner> read(Files files, Path file) throws IOException {
    try {
      return Optional.of(Json.parse(files.read(file), Owner.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(Owner.UNKNOWN);
    }
  }
}
