package io.lockstep.data.source.series;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.series.SeriesPart;
import io.lockstep.data.series.SeriesReport;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads the sequences of a split. Of a split in the midst of a file the first sequence is left to
 * the split before it, whether it begins there or here: nobody knows without the row before. The
 * first problem ends the reading. Not thread-safe.
 */
final class SequencesReader implements SplitReader {
  static final String AGAIN =
      "comes again after another. Rows of a sequence lie one after the other, in one file: sort by"
          + " sequence, then by time.";

  private static final int BLOCK_BYTES = 4 << 20;

  private final SequencesOptions options;
  private final ToScore how;
  private final boolean named; // names of sequences are passed through
  private final SeriesColumns columns;
  private final Schema schema;
  private final SequenceRows source;
  private final LabelIds ids;
  private final BytesRead bytes = new BytesRead();
  private final MessageDigest digest = Sha256.digest();
  private final Set<String> names = new HashSet<>();
  private final List<SeriesPart> parts = new ArrayList<>();
  private final List<SplitReport.Problem> problems = new ArrayList<>();
  private BlockBuilder builder;
  private List<Object[]> passed = new ArrayList<>();
  private List<Object[]> built = List.of(); // those of the last block
  private Range features = Range.NONE;
  private Range targets = Range.NONE;
  private OptionalLong openQuote = OptionalLong.empty();
  private long examples;
  private long steps;
  private String name; // of the sequence that is read; null before the first
  private double[] inputs = new double[1 << 10]; // of the sequence
  private int inputCount;
  private double[] labels = new double[1 << 6]; // ids or numbers, of the sequence or of its steps
  private int labelCount;
  private String first; // label of the sequence's first row, as text
  private int own; // steps of the sequence
  private double time;
  private boolean skipping; // the sequence is the split before's
  private boolean past; // a row beyond the split's end was seen
  private boolean anyRow;
  private boolean ended;

  SequencesReader(
      SequencesOptions options,
      ToScore how,
      SeriesColumns columns,
      SourceLayout layout,
      SequenceRows source) {
    this.options = options;
    this.how = how;
    this.columns = columns;
    schema = layout.schema();
    named = !layout.passed().isEmpty();
    this.source = source;
    ids =
        how.on()
            ? LabelIds.positions(options.classes())
            : new LabelIds(options.classes(), ClassNames.tooMany());
    builder = new BlockBuilder(schema, 16);
  }

  @Override
  public Optional<Block> next() throws IOException {
    ended |= source.rows() == null && !source.nextPiece();
    while (!ended && builder.bytes() < BLOCK_BYTES && passed.size() < ToScore.ROWS) {
      row();
    }
    if (!problems.isEmpty() || builder.size() == 0) {
      return Optional.empty();
    }
    Block block = builder.build();
    builder = new BlockBuilder(schema, 16);
    built = passed;
    passed = new ArrayList<>();
    block.update(digest);
    return Optional.of(block);
  }

  @Override
  public List<Object[]> passed() {
    return built;
  }

  private void row() throws IOException {
    SeriesRows rows = source.rows();
    if (!rows.next()) {
      endPiece(rows);
      return;
    }
    String series = rows.series();
    if (!series.equals(name)) {
      boolean others = source.beyond() && past; // what begins further on is another split's
      finish();
      ended = others || !problems.isEmpty();
      if (ended) {
        return;
      }
      begin(rows, series);
    } else if (skipping && source.beyond()) {
      ended = true; // the sequence reaches over all of the split
      return;
    }
    past |= source.beyond();
    anyRow = true;
    if (!skipping) {
      add(rows);
    }
  }

  private void endPiece(SeriesRows rows) throws IOException {
    if (source.eachFile() && name == null && !rows.hasProblem() && rows.openQuote() == 0) {
      problems.add(
          source.placed(
              new SplitReport.Problem(
                  0, "", "holds no rows, where each file is a sequence. Remove the file.")));
    }
    for (SplitReport.Problem problem : rows.problems()) {
      problems.add(source.placed(problem));
    }
    if (rows.openQuote() != 0) {
      if (source.eachFile()) {
        problems.add(
            source.placed(
                new SplitReport.Problem(
                    rows.openQuote(), "", "a quote begins that is never closed.")));
      } else if (!source.beyond()) {
        openQuote = OptionalLong.of(rows.openQuote());
      }
    }
    if (!problems.isEmpty() || rows.openQuote() != 0) {
      rows.skipRest(); // so that lines are counted
      ended = true;
      return;
    }
    if (source.eachFile()) {
      finish();
    }
    boolean nothing = !anyRow && source.midst(); // not even a first row, so nothing follows it
    if (nothing || !source.nextPiece()) {
      finish();
      ended = true;
    }
  }

  private void begin(SeriesRows rows, String series) {
    name = series;
    skipping = source.midst() && !anyRow;
    own = 0;
    inputCount = 0;
    labelCount = 0;
    first = null;
    time = Double.NEGATIVE_INFINITY;
    if (!skipping && !names.add(series)) {
      rows.problem(columns.describe(columns.series()), "'%s' %s".formatted(series, AGAIN));
    }
    if (!skipping && !schema.labels().isEmpty() && !options.labelsFile().isEmpty()) {
      String label = source.label(series);
      String wrong =
          label == null
              ? "there is no line for the sequence '%s'.".formatted(LabelIds.shortened(series))
              : ids.problem(label);
      if (wrong != null) {
        rows.problem("", options.labelsFile() + ": " + wrong);
      } else {
        putLabel(ids.id(label));
      }
    }
  }

  private void add(SeriesRows rows) {
    double before = time;
    time = rows.time();
    if (columns.time().length > 0 && time <= before) {
      rows.problem(
          rows.describeTime(),
          "'%s' is not later than the row before it. Sort the rows of a sequence by time, each once%s."
              .formatted(
                  rows.timeText(),
                  columns.series() < 0
                      ? ", or, if the table holds several sequences, name the column that tells"
                          + " them apart with sequence"
                      : ""));
    }
    int begun = inputCount;
    int labelled = labelCount;
    rows.beginRow();
    for (int column : columns.inputs()) {
      if (inputCount == inputs.length) {
        inputs = Arrays.copyOf(inputs, Math.addExact(inputCount, inputCount / 2));
      }
      inputs[inputCount++] = number(rows, column);
    }
    if (columns.targets().length > 0) {
      label(rows);
    }
    if (!rows.isComplete()) { // only where missing: skip
      inputCount = begun;
      labelCount = options.perStep() ? labelled : labelCount;
      return;
    }
    own++;
  }

  private double number(SeriesRows rows, int column) {
    double number = rows.number(column);
    if (Double.isNaN(number) && options.table().missing() == Missing.ERROR) {
      rows.missing(column);
    }
    return number;
  }

  private void label(SeriesRows rows) {
    String text = text(rows);
    if (!options.perStep() && first != null) {
      if (!text.equals(first)) {
        rows.problem(
            columns.describe(columns.targets()[0]),
            "'%s', but '%s' in the rows before it of the same sequence '%s'. A sequence has one label; for a label in each row set per: step."
                .formatted(
                    LabelIds.shortened(text),
                    LabelIds.shortened(first),
                    LabelIds.shortened(rows.series())));
      }
      return;
    }
    first = text;
    for (int column : columns.targets()) {
      if (options.kind() == LabelKind.NUMBER) {
        double number = number(rows, column);
        if (Double.isNaN(number) && !options.perStep() && !rows.hasProblem()) {
          rows.missing(column); // a step can be left out, the label of all of them cannot
        }
        putLabel(number);
        continue;
      }
      String wrong = ids.problem(text);
      if (wrong != null) {
        rows.problem(columns.describe(column), wrong);
      } else {
        putLabel(ids.id(text));
      }
    }
  }

  private String text(SeriesRows rows) {
    if (columns.targets().length == 1) {
      return rows.text(columns.targets()[0]);
    }
    return IntStream.of(columns.targets()).mapToObj(rows::text).collect(Collectors.joining(", "));
  }

  private void putLabel(double value) {
    if (labelCount == labels.length) {
      labels = Arrays.copyOf(labels, Math.addExact(labelCount, labelCount / 2));
    }
    labels[labelCount++] = value;
  }

  /** Ends the sequence, if there is one that is whole and this split's. */
  private void finish() {
    if (name != null && !skipping && own == 0 && !source.rows().hasProblem()) {
      problems.add(
          source.placed(
              new SplitReport.Problem(
                  0,
                  "",
                  "no row of sequence '%s' is without a missing value. Remove the sequence."
                      .formatted(LabelIds.shortened(name)))));
    }
    if (name != null && !skipping && own > 0 && !source.rows().hasProblem()) {
      builder.begin(examples++);
      for (int i = 0; i < inputCount; i++) {
        features = features.with(inputs[i]);
        builder.put(0, inputs[i]);
      }
      for (int i = 0; i < labelCount; i++) {
        if (options.kind() == LabelKind.CLASS) {
          builder.put(1, (int) labels[i]);
        } else {
          targets = targets.with(labels[i]);
          builder.put(1, labels[i]);
        }
      }
      builder.end();
      if (how.on()) {
        passed.add(named ? new Object[] {name} : new Object[0]);
      }
      steps += own;
      parts.add(new SeriesPart(name, own, own, new double[0], 0));
    }
    name = null;
  }

  @Override
  public SplitReport report() {
    return new SplitReport(
            examples,
            source.lines(),
            steps,
            ids.names(),
            targets,
            features,
            Sha256.hex(digest),
            bytes.since(),
            openQuote,
            problems)
        .with(new SeriesReport(0, 0, 0, false, source.eachFile() ? List.of() : parts));
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
