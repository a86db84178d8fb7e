package io.lockstep.data.source;

import io.lockstep.data.series.SeriesReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * What reading a split found, beside its blocks: a few numbers and names that go to the driver.
 *
 * @param examples read
 * @param lines of text read, for line numbers of the splits after it; 0 if the source has none
 * @param steps time steps of all examples' sequences, 0 if there are none
 * @param outputs what was found of the labels of each output
 * @param features range of all numbers among the features
 * @param hash SHA-256 of the columns read, in hex
 * @param bytes read, as the file system counts them
 * @param openQuote line within the split, from 1, on which a quote begins that the split does not
 *     close; empty if there is none
 * @param problems with the user's data, the first one first
 * @param series what was found of series
 * @param skipped records that were left out; they are none of the examples
 * @param words of each feature column of a table in the order of their ids in the split's blocks;
 *     empty for numbers, and where all are
 */
public record SplitReport(
    long examples,
    long lines,
    long steps,
    List<LabelsFound> outputs,
    Range features,
    String hash,
    long bytes,
    OptionalLong openQuote,
    List<Problem> problems,
    SeriesReport series,
    SkippedRecords skipped,
    List<List<String>> words) {
  private static final int VERSION = 5;
  private static final int HASH_BYTES = 32;

  public SplitReport {
    outputs = List.copyOf(outputs);
    problems = List.copyOf(problems);
    words = List.copyOf(words);
  }

  /** A report on a source that holds no series, of which nothing was left out. */
  public SplitReport(
      long examples,
      long lines,
      long steps,
      List<LabelsFound> outputs,
      Range features,
      String hash,
      long bytes,
      OptionalLong openQuote,
      List<Problem> problems) {
    this(
        examples,
        lines,
        steps,
        outputs,
        features,
        hash,
        bytes,
        openQuote,
        problems,
        SeriesReport.NONE,
        SkippedRecords.NONE,
        List.of());
  }

  /**
   * A report of examples with the labels of one output.
   *
   * @param classes as {@link LabelsFound} has them
   * @param labels likewise
   */
  public SplitReport(
      long examples,
      long lines,
      long steps,
      List<String> classes,
      Range labels,
      Range features,
      String hash,
      long bytes,
      OptionalLong openQuote,
      List<Problem> problems) {
    this(
        examples,
        lines,
        steps,
        List.of(new LabelsFound(classes, labels)),
        features,
        hash,
        bytes,
        openQuote,
        problems);
  }

  /**
   * What was found of the labels of one output.
   *
   * @param classes names of the classes in the order of their ids in the split's blocks; empty if
   *     the labels are no classes or are numbered in the file itself
   * @param range of the numbers to be predicted, or of class ids numbered in the file
   */
  public record LabelsFound(List<String> classes, Range range) {
    public LabelsFound {
      classes = List.copyOf(classes);
    }
  }

  /** The names of the classes of the first output. */
  public List<String> classes() {
    return outputs.get(0).classes();
  }

  /** The range of the labels of the first output. */
  public Range labels() {
    return outputs.get(0).range();
  }

  /** The same with what was found of series. */
  public SplitReport with(SeriesReport found) {
    return new SplitReport(
        examples, lines, steps, outputs, features, hash, bytes, openQuote, problems, found, skipped,
        words);
  }

  /** The same with other findings of the labels. */
  public SplitReport with(List<LabelsFound> others) {
    return new SplitReport(
        examples, lines, steps, others, features, hash, bytes, openQuote, problems, series, skipped,
        words);
  }

  /** The same with records that were left out. */
  public SplitReport with(SkippedRecords records) {
    return new SplitReport(
        examples, lines, steps, outputs, features, hash, bytes, openQuote, problems, series,
        records, words);
  }

  /** The same with the words of its columns. */
  public SplitReport withWords(List<List<String>> found) {
    return new SplitReport(
        examples, lines, steps, outputs, features, hash, bytes, openQuote, problems, series,
        skipped, found);
  }

  /**
   * Something that the user must mend.
   *
   * @param line within the split, from 1; 0 if it has no line
   * @param column of a table that it is in, in quotes if it has a name; empty if in none
   * @param message what is wrong and what to do, a sentence
   */
  public record Problem(long line, String column, String message) {}

  /** The report as bytes: what travels from a task to the driver. */
  public byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(examples);
      out.writeLong(lines);
      out.writeLong(steps);
      out.writeInt(outputs.size());
      for (LabelsFound found : outputs) {
        write(out, found.classes());
        write(out, found.range());
      }
      write(out, features);
      out.write(HexFormat.of().parseHex(hash), 0, HASH_BYTES);
      out.writeLong(this.bytes);
      out.writeLong(openQuote.orElse(0));
      out.writeInt(problems.size());
      for (Problem problem : problems) {
        out.writeLong(problem.line());
        out.writeUTF(problem.column());
        out.writeUTF(problem.message());
      }
      series.writeTo(out);
      skipped.writeTo(out);
      out.writeInt(words.size());
      for (List<String> column : words) {
        write(out, column);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  private static List<String> readTexts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  private static List<List<String>> readWords(DataInputStream in) throws IOException {
    List<List<String>> words = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      words.add(readTexts(in));
    }
    return words;
  }

  private static void write(DataOutputStream out, Range range) throws IOException {
    out.writeDouble(range.smallest());
    out.writeDouble(range.largest());
    out.writeBoolean(range.whole());
  }

  /** Reads what {@link #encode} made. */
  public static SplitReport decode(byte[] encoded) {
    try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("a report of version " + version);
      }
      long examples = in.readLong();
      long lines = in.readLong();
      long steps = in.readLong();
      List<LabelsFound> outputs = new ArrayList<>();
      for (int output = in.readInt(); output > 0; output--) {
        outputs.add(new LabelsFound(readTexts(in), readRange(in)));
      }
      Range features = readRange(in);
      String hash = HexFormat.of().formatHex(in.readNBytes(HASH_BYTES));
      long bytes = in.readLong();
      long quote = in.readLong();
      List<Problem> problems = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        problems.add(new Problem(in.readLong(), in.readUTF(), in.readUTF()));
      }
      return new SplitReport(
          examples,
          lines,
          steps,
          outputs,
          features,
          hash,
          bytes,
          quote == 0 ? OptionalLong.empty() : OptionalLong.of(quote),
          problems,
          SeriesReport.readFrom(in),
          SkippedRecords.readFrom(in),
          readWords(in));
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged report of a split", e);
    }
  }

  private static Range readRange(DataInputStream in) throws IOException {
    return new Range(in.readDouble(), in.readDouble(), in.readBoolean());
  }
}
