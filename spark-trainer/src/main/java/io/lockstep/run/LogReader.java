package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Reads a {@link SegmentedLog}, also while a session writes it, line by line.
 *
 * <p>What counts is what the newest segment with a whole header continues, and then that segment. A
 * last line that is cut was torn by a crash and does not count; a damaged line before it is an
 * error.
 */
record LogReader(Files files, Path directory) {
  /** A session may merge segments while they are read; then they are looked for again. */
  private static final int ATTEMPTS = 5;

  /** Takes one line that counts. */
  @FunctionalInterface
  interface Lines {
    void accept(JsonNode line) throws IOException;
  }

  /**
   * The first line of a segment.
   *
   * @param segment session that wrote it
   * @param part of the session
   * @param version of the layout
   * @param continues what counts before its own lines
   */
  record Header(
      @JsonProperty(required = true) int segment,
      int part,
      @JsonProperty(required = true) int version,
      @JsonProperty(required = true) List<LogSegment> continues) {
    static final int VERSION = 2;

    Header {
      continues = List.copyOf(continues);
      if (version < 1 || version > VERSION) {
        throw new IllegalArgumentException(
            "version %d, where this Lockstep reads up to %d".formatted(version, VERSION));
      }
    }
  }

  /** What counts: segments before the newest, and the newest itself if there is one. */
  private record Content(List<LogSegment> earlier, Optional<LogSegment> newest) {}

  /** Hands all lines that count to {@code lines}, in order. */
  void read(Lines lines) throws IOException {
    var once = new Once(lines);
    int session = 0;
    for (int attempt = 1; ; attempt++) {
      Content content = content();
      int newest = content.newest().map(LogSegment::session).orElse(0);
      if (attempt > 1 && newest != session) {
        throw new IOException(
            "The run in %s was resumed while its logs were read: read them again"
                .formatted(directory.getParent()));
      }
      session = newest;
      once.restart();
      try {
        for (LogSegment segment : content.earlier()) {
          counted(segment, once);
        }
        if (content.newest().isPresent()) {
          lines(content.newest().get(), Long.MAX_VALUE, once);
        }
        return;
      } catch (FileNotFoundException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Hands on each line once, however often they are read. */
  private static final class Once implements Lines {
    private final Lines lines;
    private long handed;
    private long at;

    Once(Lines lines) {
      this.lines = lines;
    }

    void restart() {
      at = 0;
    }

    @Override
    public void accept(JsonNode line) throws IOException {
      if (at++ == handed) {
        handed++;
        lines.accept(line);
      }
    }
  }

  /** Hands the lines of {@code segment} that count to {@code lines}. */
  void counted(LogSegment segment, Lines lines) throws IOException {
    long found = lines(segment, segment.lines(), lines);
    if (found < segment.lines()) {
      throw new IOException(
          "%s has %d lines where the resumed run had read %d: the file was changed or damaged"
              .formatted(file(segment), found, segment.lines()));
    }
  }

  private Content content() throws IOException {
    List<LogSegment> segments = segments();
    for (int i = segments.size() - 1; i >= 0; i--) {
      LogSegment newest = segments.get(i);
      Optional<String> first = firstLine(newest);
      if (first.isPresent()) {
        return new Content(header(newest, first.get()).continues(), Optional.of(newest));
      }
      // The session died before its header was whole, so before it did anything.
    }
    return new Content(List.of(), Optional.empty());
  }

  /** All segments that are there, older ones first. */
  List<LogSegment> segments() throws IOException {
    return files.names(directory).stream()
        .flatMap(name -> LogSegment.ofFile(name).stream())
        .sorted(LogSegment.BY_AGE)
        .toList();
  }

  Path file(LogSegment segment) {
    return new Path(directory, segment.file());
  }

  private Optional<String> firstLine(LogSegment segment) throws IOException {
    try (BufferedReader reader = open(segment)) {
      return Optional.ofNullable(reader.readLine()).filter(LogReader::isWhole);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private Header header(LogSegment segment, String line) throws IOException {
    try {
      return Json.parse(line, Header.class);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s has no valid header (%s): %s".formatted(file(segment), e.getOriginalMessage(), line),
          e);
    }
  }

  private BufferedReader open(LogSegment segment) throws IOException {
    return new BufferedReader(
        new InputStreamReader(files.open(file(segment)), StandardCharsets.UTF_8));
  }

  /** Reads up to {@code most} lines after the header; returns how many there were. */
  private long lines(LogSegment segment, long most, Lines lines) throws IOException {
    try (BufferedReader reader = open(segment)) {
      reader.readLine();
      String held = reader.readLine();
      long read = 0;
      while (held != null && read < most) {
        String next = reader.readLine();
        // Only the last line can be torn; a whole JSON object cannot lose its end and still parse.
        if (next == null && !isWhole(held)) {
          break;
        }
        lines.accept(parse(held, segment, read + 2));
        read++;
        held = next;
      }
      return read;
    }
  }

  private static boolean isWhole(String line) {
    try {
      return Json.parse(line).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private JsonNode parse(String line, LogSegment segment, long number) throws IOException {
    try {
      return Json.parse(line);
    } catch (JsonProcessingException e) {
      throw new IOException("%s, line %d is damaged: %s".formatted(file(segment), number, line), e);
    }
  }

  /** All lines that count, in order. */
  List<JsonNode> all() throws IOException {
    var all = new ArrayList<JsonNode>();
    read(all::add);
    return all;
  }
}
