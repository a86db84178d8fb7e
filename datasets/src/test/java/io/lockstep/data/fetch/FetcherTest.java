package io.lockstep.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lockstep.data.InputException;
import io.lockstep.data.fetch.DataSet.RemoteFile;
import io.lockstep.data.fetch.FetchListener.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from a real HTTP server on this machine, whose answers are scripted. */
class FetcherTest {
  private static final byte[] CONTENT = content(300_000);
  private static final byte[] PACKED = packed(CONTENT, Deflater.BEST_COMPRESSION);

  @TempDir Path folder;

  private final List<String> requests = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private final Events events = new Events();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    testIsOver.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    Answer next;
    synchronized (this) {
      requests.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
      next = answers.isEmpty() ? serving(PACKED) : answers.remove();
    }
    try (exchange) {
      next.to(exchange);
    }
  }

  /** A server that knows ranges. */
  private static Answer serving(byte[] bytes) {
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      if (from >= bytes.length) {
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      if (range != null) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
      exchange.getResponseBody().write(bytes, from, bytes.length - from);
    };
  }

  /** A server that has never heard of ranges. */
  private static Answer wholly(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static Answer status(int code) {
    return exchange -> exchange.sendResponseHeaders(code, -1);
  }

  /** Says how much is coming, sends some of it and hangs up. */
  private static Answer hangingUpAfter(int bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, PACKED.length);
      exchange.getResponseBody().write(PACKED, 0, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /** Sends some bytes and falls silent. */
  private Answer fallingSilentAfter(int bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, PACKED.length);
      exchange.getResponseBody().write(PACKED, 0, bytes);
      exchange.getResponseBody().flush();
      try {
        testIsOver.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Test
  void aFileIsDownloadedCheckedAndGivenItsName() throws IOException {
    List<org.apache.hadoop.fs.Path> fetched = fetch();
    assertThat(fetched).hasSize(1);
    assertFetched();
    assertThat(requests).containsExactly("/set/file.gz");
    assertThat(events.outcomes).containsExactly("file.gz FETCHED");
    assertThat(events.bytes).isSorted().endsWith((long) PACKED.length);
    assertThat(events.totals).containsOnly((long) PACKED.length);
  }

  @Test
  void aCutConnectionIsTakenUpWhereItBroke() throws IOException {
    answers.add(hangingUpAfter(100_000));
    fetch();
    assertFetched();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1)).matches("/set/file.gz bytes=[1-9]\\d*-");
    assertThat(events.trouble).hasSize(1).first().asString().contains("trying again");
  }

  @Test
  void aLaterCallGoesOnFromThePartThatWasLeft() throws IOException {
    Files.write(folder.resolve("file.gz.part"), Arrays.copyOf(PACKED, 70_000));
    fetch();
    assertFetched();
    assertThat(requests).containsExactly("/set/file.gz bytes=70000-");
    assertThat(events.bytes.get(0)).isGreaterThan(70_000);
  }

  @Test
  void aPartThatIsWholeNeedsNoBytes() throws IOException {
    Files.write(folder.resolve("file.gz.part"), PACKED);
    fetch();
    assertFetched();
    assertThat(requests).containsExactly("/set/file.gz bytes=" + PACKED.length + "-");
  }

  @Test
  void aServerWithoutRangesIsAskedForTheWhole() throws IOException {
    Files.write(folder.resolve("file.gz.part"), Arrays.copyOf(PACKED, 70_000));
    answers.add(wholly(PACKED));
    fetch();
    assertFetched();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aPartOfAnotherPackingIsThrownAway() throws IOException {
    byte[] other = packed(CONTENT, Deflater.NO_COMPRESSION);
    Files.write(folder.resolve("file.gz.part"), Arrays.copyOf(other, 70_000));
    fetch();
    assertFetched();
    assertThat(requests).containsExactly("/set/file.gz bytes=70000-", "/set/file.gz");
    assertThat(events.trouble).first().asString().contains("starting over");
  }

  @Test
  void anotherPackingOfTheSameContentIsRight() throws IOException {
    answers.add(wholly(packed(CONTENT, Deflater.NO_COMPRESSION)));
    fetch();
    assertThat(folder.resolve("file.gz")).exists();
  }

  @Test
  void aSilentServerIsGivenUpAndAskedForTheRest() throws IOException {
    answers.add(fallingSilentAfter(100_000));
    fetch(patience(5, Duration.ofMillis(300)), Optional.empty(), folder.toString());
    assertFetched();
    assertThat(requests).hasSize(2);
    assertThat(events.trouble).first().asString().contains("nothing arrived");
  }

  @Test
  void troubleOfTheServerPassesAfterSomeAttempts() throws IOException {
    answers.add(status(503));
    answers.add(status(429));
    fetch();
    assertFetched();
    assertThat(requests).hasSize(3);
  }

  @Test
  void troubleThatStaysFailsTheRunAndSaysWhatToDo() {
    for (int i = 0; i < 6; i++) {
      answers.add(status(500));
    }
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/set/file.gz: the server answered 500")
        .hasMessageContaining("--from FOLDER");
    assertThat(requests).hasSize(5);
  }

  @Test
  void wrongBytesAreNotKept() throws IOException {
    answers.add(wholly(packed(content(299_999), 6)));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the SHA-256 of its content is ")
        .hasMessageContaining("expected " + sha256(CONTENT));
    assertFolderIsEmpty();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aPageInsteadOfTheFileIsNotKept() throws IOException {
    answers.add(
        wholly("<html>Please log in</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThatThrownBy(this::fetch).hasMessageContaining("expected " + sha256(CONTENT));
    assertFolderIsEmpty();
  }

  @Test
  void moreBytesThanThereCanBeAreNotReadToTheEnd() throws IOException {
    answers.add(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] zeros = new byte[1 << 16];
          while (true) {
            exchange.getResponseBody().write(zeros);
          }
        });
    assertThatThrownBy(this::fetch).hasMessageContaining("more than the 300,000 bytes expected");
    assertFolderIsEmpty();
  }

  @Test
  void contentThatUnpacksWithoutEndIsRefused() throws IOException {
    answers.add(wholly(packed(new byte[50_000_000], 9)));
    assertThatThrownBy(this::fetch).hasMessageContaining("holds more than the 300,000 bytes");
    assertFolderIsEmpty();
  }

  @Test
  void theNextMirrorIsTriedWhenOneHasNoSuchFile() throws IOException {
    answers.add(status(404));
    fetch(set(url("/old"), url("/set")), Optional.empty());
    assertFetched();
    assertThat(requests).containsExactly("/old/file.gz", "/set/file.gz");
    assertThat(events.trouble)
        .first()
        .asString()
        .contains("/old/file.gz: the server answered 404 (not found); trying elsewhere");
  }

  @Test
  void theNextMirrorIsTriedWhenOneHasOtherBytes() throws IOException {
    answers.add(wholly(new byte[3]));
    fetch(set(url("/old"), url("/set")), Optional.empty());
    assertFetched();
  }

  @Test
  void anUnreachableMirrorIsNamed() {
    server.stop(0);
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(InputException.class)
        .hasMessageContaining(url("/set") + "/file.gz: ")
        .hasMessageContaining("file.gz: cannot connect");
  }

  @Test
  void anUnknownHostIsNamed() {
    assertThatThrownBy(() -> fetch(set("http://no-such-host.invalid"), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("http://no-such-host.invalid/file.gz: unknown host");
  }

  @Test
  void aWrongPlaceGivenByTheUserIsTheUsersMistake() {
    answers.add(status(404));
    assertThatThrownBy(() -> fetch(set(url("/set")), Optional.of(url("/wrong/"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("/wrong/file.gz: the server answered 404 (not found)")
        .hasMessageContaining("--from must name a folder or URL that holds the files of set");
    assertThatThrownBy(() -> fetch(set(url("/set")), Optional.of(folder + "/nowhere")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nowhere/file.gz: no such file");
  }

  @Test
  void wrongFilesGivenByTheUserAreTheUsersMistake() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.write(elsewhere.resolve("file.gz"), new byte[10]);
    assertThatThrownBy(() -> fetch(set(url("/set")), Optional.of(elsewhere.toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("expected " + sha256(CONTENT))
        .hasMessageContaining("Nothing of it was kept");
    assertThat(folder.resolve("file.gz.part")).doesNotExist();
  }

  @Test
  void aFolderCanBeTheSource() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.write(elsewhere.resolve("file.gz"), PACKED);
    fetch(set(url("/set")), Optional.of("file:" + elsewhere));
    assertFetched();
    assertThat(requests).isEmpty();
  }

  @Test
  void aFileThatIsThereAndRightIsLeftAlone() throws IOException {
    Files.write(folder.resolve("file.gz"), PACKED);
    fetch();
    assertThat(requests).isEmpty();
    assertThat(events.outcomes).containsExactly("file.gz ALREADY_THERE");
  }

  @Test
  void aFileThatIsThereAndWrongIsLeftAloneToo() throws IOException {
    Files.write(folder.resolve("file.gz"), new byte[] {1, 2, 3});
    assertThatThrownBy(this::fetch)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is there, but is another file")
        .hasMessageContaining("expected " + sha256(CONTENT))
        .hasMessageContaining("--to another folder");
    assertThat(folder.resolve("file.gz")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void theFolderIsMade() throws IOException {
    Path deep = folder.resolve("a/b/c");
    fetch(patience(5, Duration.ofSeconds(30)), Optional.empty(), deep.toString());
    assertThat(deep.resolve("file.gz")).hasBinaryContent(PACKED);
  }

  @Test
  void redirectionsAreFollowed() throws IOException {
    answers.add(
        exchange -> {
          exchange.getResponseHeaders().set("Location", url("/moved/file.gz"));
          exchange.sendResponseHeaders(302, -1);
        });
    fetch();
    assertFetched();
    assertThat(requests).containsExactly("/set/file.gz", "/moved/file.gz");
  }

  @Test
  void theCatalogueKnowsFullMnist() {
    DataSet mnist = Catalogue.named("mnist");
    assertThat(mnist.files()).hasSize(4);
    assertThat(mnist.files()).allSatisfy(file -> assertThat(file.sha256()).hasSize(64));
    assertThatThrownBy(() -> Catalogue.named("minst"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Known are: mnist");
    assertThatThrownBy(() -> Catalogue.named("mnist-10k"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("{embedded: mnist-10k}");
  }

  @Test
  void everyFileOfASetIsInThePlanThatReadsIt() {
    for (DataSet set : Catalogue.all()) {
      for (RemoteFile file : set.files()) {
        assertThat(set.plan("data/x/")).contains("data/x/" + file.name());
      }
    }
  }

  @Test
  void fullMnistInAFolderPassesTheCatalogue() throws IOException {
    String data = System.getProperty("LOCKSTEP_DATA", System.getenv("LOCKSTEP_DATA"));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        data != null, "set LOCKSTEP_DATA to a folder that holds mnist/");
    new Fetcher(new Configuration(), Fetcher.Patience.standard(), events)
        .fetch(Catalogue.named("mnist"), Optional.of(data + "/mnist"), folder.toString());
    assertThat(events.outcomes).hasSize(4).allMatch(outcome -> outcome.endsWith("FETCHED"));
  }

  private List<org.apache.hadoop.fs.Path> fetch() throws IOException {
    return fetch(set(url("/set")), Optional.empty());
  }

  private List<org.apache.hadoop.fs.Path> fetch(DataSet set, Optional<String> from)
      throws IOException {
    return new Fetcher(new Configuration(), patience(5, Duration.ofSeconds(30)), events)
        .fetch(set, from, folder.toString());
  }

  private void fetch(Fetcher.Patience patience, Optional<String> from, String to)
      throws IOException {
    new Fetcher(new Configuration(), patience, events).fetch(set(url("/set")), from, to);
  }

  private static Fetcher.Patience patience(int attempts, Duration stall) {
    return new Fetcher.Patience(attempts, stall, attempt -> {});
  }

  private static DataSet set(String... mirrors) {
    return new DataSet(
        "set",
        "for tests",
        "this test",
        "Apache-2.0",
        PACKED.length,
        List.of(mirrors),
        List.of(new RemoteFile("file.gz", CONTENT.length, sha256(CONTENT))),
        "data: {train: {csv: {path: FOLDER/file.gz}}}\n");
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void assertFetched() throws IOException {
    assertThat(folder.resolve("file.gz")).hasBinaryContent(PACKED);
    assertThat(folder.resolve("file.gz.part")).doesNotExist();
  }

  private void assertFolderIsEmpty() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new SplittableRandom(1).nextBytes(content);
    return content;
  }

  private static byte[] packed(byte[] content, int level) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(packed) {
          {
            def.setLevel(level);
          }
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Events implements FetchListener {
    private final List<Long> bytes = new ArrayList<>();
    private final List<Long> totals = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final List<String> trouble = new ArrayList<>();

    @Override
    public void arrived(String file, long soFar, long total) {
      bytes.add(soFar);
      totals.add(total);
    }

    @Override
    public void done(String file, Outcome outcome) {
      outcomes.add(file + " " + outcome);
    }

    @Override
    public void trouble(String what) {
      trouble.add(what);
    }
  }
}
