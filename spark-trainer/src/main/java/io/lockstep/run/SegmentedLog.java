package io.lockstep.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;

/**
 * Lines of JSON that survive crashes and resumes on any file system: a directory of segments.
 *
 * <p>Not every file system can append to or cut a file; object stores show a file only when it is
 * closed; and after a crash HDFS keeps a file locked for minutes. So each process that works on the
 * run (a session) writes files of its own, and at each checkpoint closes the one at hand: {@code
 * 00001-00001.jsonl}, {@code 00001-00002.jsonl} and so on, the session and its part. The first line
 * of a segment says how many lines of which earlier segments it continues. The content of the log
 * is what the newest segment says ({@link LogReader}); lines that a crashed session wrote after its
 * last checkpoint may stay in a file but do not count, and each round appears once.
 *
 * <p>A session begins with a segment that has no lines and is closed at once, so that it counts
 * everywhere from its beginning. When there are more than {@value #MAX_SEGMENTS} segments the
 * newest are merged into one, as many as are together not smaller than the one before them: so a
 * long run has few files, and each line is copied a few times only.
 *
 * <p>Not thread-safe.
 */
final class SegmentedLog implements Closeable {
  static final int MAX_SEGMENTS = 16;

  private final LogReader reader;
  private final int session;
  private final List<LogSegment> closed;
  private int part; // newest that was begun
  private GuardedOutput out; // null between segments
  private long lines;

  private SegmentedLog(LogReader reader, int session, List<LogSegment> continued) {
    this.reader = reader;
    this.session = session;
    this.closed = new ArrayList<>(continued);
  }

  /**
   * Begins the segments of {@code session}; fails if there are some already, since then another
   * process works on the same run.
   */
  static SegmentedLog begin(Files files, Path directory, int session, List<LogSegment> continued)
      throws IOException {
    var log = new SegmentedLog(new LogReader(files, directory), session, continued);
    log.open();
    log.close();
    return log;
  }

  /** Number of the newest session that began a segment in {@code directory}, 0 if none has. */
  static int newestSession(Files files, Path directory) throws IOException {
    List<LogSegment> segments = new LogReader(files, directory).segments();
    return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).session();
  }

  private void open() throws IOException {
    var segment = new LogSegment(session, part + 1, 0);
    GuardedOutput begun = reader.files().begin(reader.file(segment));
    try {
      write(header(segment, closed), begun);
      begun.hflush();
    } catch (IOException | RuntimeException e) {
      try {
        begun.close();
      } catch (IOException onClose) {
        e.addSuppressed(onClose);
      }
      throw e;
    }
    part++;
    lines = 0;
    out = begun;
  }

  private static LogReader.Header header(LogSegment segment, List<LogSegment> continues) {
    return new LogReader.Header(
        segment.session(), segment.part(), LogReader.Header.VERSION, continues);
  }

  private static void write(Object line, OutputStream to) throws IOException {
    to.write((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Appends one line; it may stay in a buffer until {@link #flush}. */
  void append(JsonNode line) throws IOException {
    if (out == null) {
      open();
    }
    write(line, out);
    lines++;
  }

  /**
   * Hands all lines to the file system: where it shows what is flushed, they outlive this process
   * from now on.
   */
  void flush() throws IOException {
    if (out != null) {
      out.hflush();
    }
  }

  /**
   * Closes the segment at hand: its lines outlive this process on any file system.
   *
   * @return all that counts now
   */
  List<LogSegment> seal() throws IOException {
    close();
    if (closed.size() > MAX_SEGMENTS) {
      merge();
    }
    return List.copyOf(closed);
  }

  private void merge() throws IOException {
    int from = closed.size() - 1;
    long merged = closed.get(from).lines();
    while (from > 0 && (merged >= closed.get(from - 1).lines() || from == closed.size() - 1)) {
      from--;
      merged += closed.get(from).lines();
    }
    var whole = new LogSegment(session, part + 1, merged);
    List<LogSegment> before = List.copyOf(closed.subList(0, from));
    List<LogSegment> small = List.copyOf(closed.subList(from, closed.size()));
    reader
        .files()
        .write(
            reader.file(whole),
            to -> {
              write(header(whole, before), to);
              for (LogSegment segment : small) {
                reader.counted(segment, line -> write(line, to));
              }
            });
    part++;
    closed.subList(from, closed.size()).clear();
    closed.add(whole);
  }

  /**
   * Deletes segments that nothing refers to any more, so not the newest.
   *
   * @param needed by some checkpoint
   */
  void tidy(Predicate<LogSegment> needed) throws IOException {
    List<LogSegment> segments = reader.segments();
    for (int i = 0; i < segments.size() - 1; i++) {
      LogSegment segment = segments.get(i);
      if (!needed.test(segment) && closed.stream().noneMatch(segment::isSame)) {
        reader.files().system().delete(reader.file(segment), false);
      }
    }
  }

  /** Closes the segment at hand, if there is one. */
  @Override
  public void close() throws IOException {
    if (out == null) {
      return;
    }
    GuardedOutput ended = out;
    out = null;
    ended.close();
    if (lines > 0) {
      closed.add(new LogSegment(session, part, lines));
    }
  }
}
