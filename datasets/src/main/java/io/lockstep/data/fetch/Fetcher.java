package io.lockstep.data.fetch;

import io.lockstep.data.InputException;
import io.lockstep.data.fetch.DataSet.RemoteFile;
import io.lockstep.data.fetch.FetchListener.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Brings the files of a data set to a folder on any Hadoop file system.
 *
 * <p>A file arrives as {@code NAME.part}; only when the hash of its content is right is it renamed,
 * so whoever sees {@code NAME} sees all of it. A broken download goes on where it stopped, in this
 * call or in a later one; bytes that turn out to be wrong are thrown away. Files that are there and
 * right are left alone, and files that are there and wrong too: they may be the user's.
 *
 * <p>Thread-safe if the listener is; two fetches into the same folder at a time disturb each other
 * but never leave a wrong file.
 */
public final class Fetcher {
  private static final int BUFFER = 1 << 16;

  /** What gzip may add to content that it cannot shrink, with room to spare. */
  private static final long PACKING = 1 << 20;

  /** Waits before another attempt. */
  public interface Pause {
    /**
     * Returns when it is time for attempt number {@code attempt}, counted from 1.
     *
     * @throws InterruptedIOException if the wait is broken off
     */
    void before(int attempt) throws InterruptedIOException;
  }

  /**
   * How patient a fetch is.
   *
   * @param attempts at each place before the next one is tried
   * @param stall longest wait for an answer or for more bytes
   * @param pause before the second and later attempts
   */
  public record Patience(int attempts, Duration stall, Pause pause) {
    /** Five attempts, 30 s without a byte, and 1, 2, 4, 8 s in between. */
    public static Patience standard() {
      return new Patience(5, Duration.ofSeconds(30), Patience::doubling);
    }

    private static void doubling(int attempt) throws InterruptedIOException {
      try {
        Thread.sleep(1000L << Math.min(attempt - 2, 4));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
  }

  private final Configuration hadoop;
  private final Patience patience;
  private final FetchListener listener;
  private final HttpClient client;

  /** Makes a fetcher; opens nothing yet. */
  public Fetcher(Configuration hadoop, Patience patience, FetchListener listener) {
    this.hadoop = hadoop;
    this.patience = patience;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.stall())
            .build();
  }

  /**
   * Fetches all files of {@code set}.
   *
   * @param from folder that holds the files: a URL or a Hadoop path; empty for the set's mirrors
   * @param to folder to put them, any Hadoop path; made if missing
   * @return the files, in the order of the set
   * @throws InputException if {@code from} does not hold the right files, or {@code to} holds other
   *     files of the same name
   * @throws IOException if no mirror could deliver, or {@code to} cannot be written
   */
  public List<Path> fetch(DataSet set, Optional<String> from, String to) throws IOException {
    Path folder = path(to);
    FileSystem files = raw(folder.getFileSystem(hadoop));
    files.mkdirs(folder);
    List<Path> fetched = new ArrayList<>();
    for (RemoteFile file : set.files()) {
      Target target = new Target(files, new Path(folder, file.name()), file);
      if (target.isThere()) {
        listener.done(file.name(), Outcome.ALREADY_THERE);
      } else {
        fetchOne(set, from, target);
        listener.done(file.name(), Outcome.FETCHED);
      }
      fetched.add(target.path);
    }
    return fetched;
  }

  private void fetchOne(DataSet set, Optional<String> from, Target target) throws IOException {
    List<String> places = from.map(List::of).orElse(set.mirrors());
    List<IOException> failures = new ArrayList<>();
    for (String place : places) {
      String source = place.replaceAll("/+$", "") + "/" + target.file.name();
      try {
        fromPlace(source, target);
        return;
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        IOException named = new IOException(source + ": " + said(e), e);
        failures.add(named);
        if (failures.size() < places.size()) {
          listener.trouble(named.getMessage() + "; trying elsewhere");
        }
      }
    }
    throw failed(set, from, failures);
  }

  /** Local trouble (a full disk) is nobody's wrong input; a wrong {@code --from} is. */
  private static IOException failed(
      DataSet set, Optional<String> from, List<IOException> failures) {
    IOException last = failures.get(failures.size() - 1);
    if (from.isPresent() && last.getCause() instanceof WrongBytes) {
      throw new InputException(
          last.getMessage() + ". Nothing of it was kept. Fetch from another place.", last);
    }
    if (from.isPresent()
        && (last.getCause() instanceof HttpDownload.Refused
            || last.getCause() instanceof FileNotFoundException)) {
      throw new InputException(
          last.getMessage()
              + ". --from must name a folder or URL that holds the files of "
              + set.name()
              + ": "
              + String.join(", ", set.files().stream().map(RemoteFile::name).toList())
              + ".",
          last);
    }
    IOException failure =
        new IOException(
            failures.stream().map(Throwable::getMessage).reduce((a, b) -> a + "; " + b).orElse("")
                + ". What arrived is kept: the same command goes on from there. Without access to"
                + " the network, bring the files here and use --from FOLDER.",
            last);
    failures.subList(0, failures.size() - 1).forEach(failure::addSuppressed);
    return failure;
  }

  private void fromPlace(String source, Target target) throws IOException {
    if (source.matches("https?://.*")) {
      fromServer(uri(source), target);
      return;
    }
    copy(path(source), target);
    if (target.isRight()) {
      return;
    }
    throw target.discarded();
  }

  /**
   * Downloads with several attempts. A part kept from elsewhere may be of another packing of the
   * same content, so wrong bytes after going on are no proof: once more from the start.
   */
  private void fromServer(URI uri, Target target) throws IOException {
    boolean wentOn = false;
    for (int attempt = 1; ; attempt++) {
      try {
        wentOn |= download(uri, target);
      } catch (HttpDownload.Refused | WrongBytes | InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        if (attempt >= patience.attempts()) {
          throw e;
        }
        listener.trouble(uri + ": " + said(e) + "; trying again");
        patience.pause().before(attempt + 1);
        continue;
      }
      if (target.isRight()) {
        return;
      }
      WrongBytes wrong = target.discarded();
      if (!wentOn) {
        throw wrong;
      }
      listener.trouble(uri + ": " + wrong.getMessage() + "; starting over");
      wentOn = false;
    }
  }

  /** Returns whether it went on from a part that was there. */
  private boolean download(URI uri, Target target) throws IOException {
    long have = target.partBytes();
    try (HttpDownload download = HttpDownload.open(client, uri, have, patience.stall())) {
      boolean goesOn = download.start() > 0;
      try (OutputStream out = goesOn ? target.append() : target.create()) {
        byte[] buffer = new byte[BUFFER];
        long bytes = download.start();
        for (int read = download.read(buffer); read >= 0; read = download.read(buffer)) {
          out.write(buffer, 0, read);
          bytes += read;
          target.checkSize(bytes);
          listener.arrived(target.file.name(), bytes, download.total());
        }
      }
      return goesOn;
    } catch (HttpDownload.NoSuchRange e) {
      // What was kept is as long as the file, or longer; the hash will tell.
      return true;
    }
  }

  private void copy(Path from, Target target) throws IOException {
    FileSystem source = from.getFileSystem(hadoop);
    long total = source.getFileStatus(from).getLen();
    try (InputStream in = source.open(from);
        OutputStream out = target.create()) {
      byte[] buffer = new byte[BUFFER];
      long bytes = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        bytes += read;
        target.checkSize(bytes);
        listener.arrived(target.file.name(), bytes, total);
      }
    }
  }

  private static String said(IOException e) {
    if (e instanceof FileNotFoundException) {
      return "no such file";
    }
    if (e instanceof ConnectException && e.getMessage() == null) {
      return causedByUnknownHost(e) ? "unknown host" : "cannot connect";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static boolean causedByUnknownHost(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static URI uri(String source) {
    try {
      return new URI(source);
    } catch (URISyntaxException e) {
      throw new InputException(source + ": not a URL. " + e.getMessage(), e);
    }
  }

  private static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new InputException("'" + text + "': not a path. " + e.getMessage(), e);
    }
  }

  /** Local files without Hadoop's checksum files, which cannot be appended to. */
  private static FileSystem raw(FileSystem files) {
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /** The bytes are not those of the catalogue. */
  private static final class WrongBytes extends IOException {
    private static final long serialVersionUID = 1L;

    WrongBytes(String message) {
      super(message);
    }
  }

  /** One file to be, and its part. */
  private static final class Target {
    private final FileSystem files;
    private final Path path;
    private final Path part;
    private final RemoteFile file;
    private String fault = "";

    Target(FileSystem files, Path path, RemoteFile file) {
      this.files = files;
      this.path = path;
      this.part = path.suffix(".part");
      this.file = file;
    }

    /** Whether the file is there and right. */
    boolean isThere() throws IOException {
      if (!files.exists(path)) {
        return false;
      }
      Optional<String> wrong = Content.fault(files, path, file);
      if (wrong.isPresent()) {
        throw new InputException(
            path
                + ": is there, but is another file: "
                + wrong.get()
                + ". Remove it, or fetch --to another folder.");
      }
      return true;
    }

    long partBytes() throws IOException {
      return files.exists(part) ? files.getFileStatus(part).getLen() : 0;
    }

    OutputStream create() throws IOException {
      return files.create(part, true);
    }

    OutputStream append() throws IOException {
      try {
        return files.append(part);
      } catch (UnsupportedOperationException e) {
        // Object stores cannot; the next attempt begins anew.
        files.delete(part, false);
        throw new IOException("what arrived earlier cannot be appended to here", e);
      }
    }

    void checkSize(long bytes) throws IOException {
      if (bytes > file.unpackedBytes() + PACKING) {
        fault =
            String.format(
                Locale.ROOT, "more than the %,d bytes expected arrive", file.unpackedBytes());
        throw discarded();
      }
    }

    /** Whether the part is right; if so, it has become the file. */
    boolean isRight() throws IOException {
      Optional<String> wrong = Content.fault(files, part, file);
      if (wrong.isPresent()) {
        fault = wrong.get();
        return false;
      }
      if (!files.rename(part, path)) {
        throw new IOException("cannot rename " + part + " to " + path.getName());
      }
      return true;
    }

    /** Throws the part away. */
    WrongBytes discarded() throws IOException {
      files.delete(part, false);
      return new WrongBytes(fault);
    }
  }
}
