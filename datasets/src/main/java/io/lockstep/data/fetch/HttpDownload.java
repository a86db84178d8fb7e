package io.lockstep.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One answer of an HTTP server, open for reading.
 *
 * <p>{@link HttpClient} bounds the wait for an answer but not for the bytes after it; reading here
 * gives up when nothing arrives for a while.
 */
final class HttpDownload implements AutoCloseable {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  /** The server has no such file, or will not give it: asking again is of no use. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** The file has no bytes from there on. */
  static final class NoSuchRange extends IOException {
    private static final long serialVersionUID = 1L;

    NoSuchRange() {
      super("the server has no bytes from there on");
    }
  }

  private final HttpResponse<InputStream> response;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lockstep-download");
            thread.setDaemon(true);
            return thread;
          });
  private final Duration stall;
  private final long start;
  private final long total;

  private HttpDownload(HttpResponse<InputStream> response, Duration stall, long start, long total) {
    this.response = response;
    this.stall = stall;
    this.start = start;
    this.total = total;
  }

  /**
   * Asks for a file, or for the rest of it.
   *
   * @param from first byte wanted; the server may begin earlier, see {@link #start}
   * @param stall longest wait for an answer, and for more bytes
   * @throws NoSuchRange if the file ends at {@code from} or before
   * @throws Refused if the server has no such file
   * @throws IOException if it cannot be reached or is in trouble
   */
  static HttpDownload open(HttpClient client, URI uri, long from, Duration stall)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(stall).header("User-Agent", "lockstep");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    HttpResponse<InputStream> response = send(client, request.build());
    try {
      return answered(response, from, stall);
    } catch (IOException | RuntimeException e) {
      response.body().close();
      throw e;
    }
  }

  private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static HttpDownload answered(
      HttpResponse<InputStream> response, long from, Duration stall) throws IOException {
    int status = response.statusCode();
    if (status == 200) {
      long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      return new HttpDownload(response, stall, 0, total);
    }
    if (status == 206) {
      String range = response.headers().firstValue("Content-Range").orElse("");
      Matcher matcher = CONTENT_RANGE.matcher(range);
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) != from) {
        throw new IOException("the server answered with another part: '" + range + "'");
      }
      long total = matcher.group(2).equals("*") ? -1 : Long.parseLong(matcher.group(2));
      return new HttpDownload(response, stall, from, total);
    }
    if (status == 416) {
      throw new NoSuchRange();
    }
    String what = "the server answered " + status;
    boolean passing = status >= 500 || status == 408 || status == 429;
    if (passing) {
      throw new IOException(what);
    }
    throw new Refused(what + (status == 404 ? " (not found)" : ""));
  }

  /** Position of the first byte that will be read. */
  long start() {
    return start;
  }

  /** Size of the whole file; -1 if the server does not say. */
  long total() {
    return total;
  }

  /** Reads some bytes; -1 at the end. */
  int read(byte[] target) throws IOException {
    Future<Integer> read = reader.submit(() -> response.body().read(target));
    try {
      return read.get(stall.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("nothing arrived for " + stall.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  @Override
  public void close() throws IOException {
    // Closing the body ends a read that hangs.
    reader.shutdownNow();
    response.body().close();
  }
}
