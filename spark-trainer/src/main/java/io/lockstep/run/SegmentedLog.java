package io.lockstep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Lines of JSON that survive crashes and resumes on any file system: a directory with one file per
 * session.
 *
 * <p>Not every file system can append to or cut a file, and after a crash HDFS keeps a file locked
 * for minutes. So each process that works on the run (a session) writes a file of its own, {@code
 * 00001.jsonl}, {@code 00002.jsonl} and so on. Its first line says how many lines of which earlier
 * segments it continues: those that were there at the checkpoint it resumed from. The content of
 * the log is what the newest segment with a whole header says; lines that a crashed session wrote
 * after its last checkpoint stay in its file but do not count, and each round appears once.
 *
 * <p>A last line that is cut was torn by a crash and does not count. Not thread-safe.
 */
final class SegmentedLog implements Closeable {
  private static final String SUFFIX = ".jsonl";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<LogSegment> continued;
  private final int session;
  private final FSDataOutputStream out;
  private long lines;

  private SegmentedLog(List<LogSegment> continued, int session, FSDataOutputStream out) {
    this.continued = List.copyOf(continued);
    this.session = session;
    this.out = out;
  }

  /**
   * Begins the segment of {@code session}; fails if it exists already, since then another process
   * works on the same run.
   */
  static SegmentedLog begin(Files files, Path directory, int session, List<LogSegment> continued)
      throws IOException {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("segment", session).put("version", VERSION);
    header.set("continues", toJson(continued));
    FSDataOutputStream out = files.system().create(file(directory, session), false);
    var log = new SegmentedLog(continued, session, out);
    try {
      log.write(header);
      log.flush();
      return log;
    } catch (IOException | RuntimeException e) {
      try {
        out.close();
      } catch (IOException onClose) {
        e.addSuppressed(onClose);
      }
      throw e;
    }
  }

  /** Number of the newest session that began a segment in {@code directory}, 0 if none has. */
  static int newestSession(Files files, Path directory) throws IOException {
    List<Integer> sessions = sessions(files, directory);
    return sessions.isEmpty() ? 0 : sessions.get(sessions.size() - 1);
  }

  private static List<Integer> sessions(Files files, Path directory) throws IOException {
    return files.names(directory).stream()
        .filter(name -> name.matches("\\d{5,9}" + SUFFIX.replace(".", "\\.")))
        .map(name -> Integer.valueOf(name.substring(0, name.length() - SUFFIX.length())))
        .sorted()
        .toList();
  }

  private static Path file(Path directory, int session) {
    return new Path(directory, String.format(Locale.ROOT, "%05d", session) + SUFFIX);
  }

  /** Appends one line; it may stay in a buffer until {@link #flush}. */
  void append(JsonNode line) throws IOException {
    write(line);
    lines++;
  }

  private void write(JsonNode line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Hands all lines to the file system: they outlive this process from now on. */
  void flush() throws IOException {
    out.hflush();
  }

  /** All that counts now. */
  List<LogSegment> position() {
    var position = new ArrayList<>(continued);
    position.add(new LogSegment(session, lines));
    return position;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** All lines that count, in order. */
  static List<JsonNode> read(Files files, Path directory) throws IOException {
    List<Integer> sessions = sessions(files, directory);
    for (int i = sessions.size() - 1; i >= 0; i--) {
      int newest = sessions.get(i);
      List<JsonNode> own = wholeLines(files, directory, newest);
      if (own.isEmpty()) {
        continue; // The session died before its header was whole, so before it did anything.
      }
      var result = new ArrayList<JsonNode>();
      for (LogSegment segment : continued(own.get(0), file(directory, newest))) {
        List<JsonNode> earlier = wholeLines(files, directory, segment.session());
        if (earlier.size() - 1 < segment.lines()) {
          throw new IOException(
              "%s has %d lines where the resumed run had read %d: the file was changed or damaged"
                  .formatted(
                      file(directory, segment.session()), earlier.size() - 1, segment.lines()));
        }
        result.addAll(earlier.subList(1, Math.toIntExact(segment.lines() + 1)));
      }
      result.addAll(own.subList(1, own.size()));
      return result;
    }
    return List.of();
  }

  private static List<LogSegment> continued(JsonNode header, Path file) throws IOException {
    if (header.path("version").asInt() != VERSION) {
      throw new IOException("%s is not a log of version %d: %s".formatted(file, VERSION, header));
    }
    return fromJson(header.path("continues"))
        .orElseThrow(() -> new IOException("%s has no valid header: %s".formatted(file, header)));
  }

  private static List<JsonNode> wholeLines(Files files, Path directory, int session)
      throws IOException {
    Path file = file(directory, session);
    var result = new ArrayList<JsonNode>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(files.system().open(file), StandardCharsets.UTF_8))) {
      String held = null;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (held != null) {
          result.add(parse(held, file, result.size() + 1));
        }
        held = line;
      }
      // Only the last line can be torn; a whole JSON object cannot lose its end and still parse.
      if (held != null && isWhole(held)) {
        result.add(parse(held, file, result.size() + 1));
      }
    }
    return result;
  }

  private static boolean isWhole(String line) {
    try {
      return JSON.readTree(line).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static JsonNode parse(String line, Path file, int number) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("%s, line %d is damaged: %s".formatted(file, number, line), e);
    }
  }

  static ArrayNode toJson(List<LogSegment> position) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (LogSegment segment : position) {
      array.addObject().put("session", segment.session()).put("lines", segment.lines());
    }
    return array;
  }

  /** Reads what {@link #toJson} made; empty if it is not that. */
  static Optional<List<LogSegment>> fromJson(JsonNode array) {
    var position = new ArrayList<LogSegment>();
    for (JsonNode node : array) {
      int session = node.path("session").asInt();
      long lines = node.path("lines").asLong(-1);
      if (session < 1 || lines < 0) {
        return Optional.empty();
      }
      position.add(new LogSegment(session, lines));
    }
    return array.isArray() ? Optional.of(position) : Optional.empty();
  }
}
