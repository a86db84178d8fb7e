package io.lockstep.cli;

import io.lockstep.app.Hadoop;
import io.lockstep.app.PlanProposal;
import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.fetch.Catalogue;
import io.lockstep.data.fetch.DataSet;
import io.lockstep.data.fetch.FetchListener;
import io.lockstep.data.fetch.Fetcher;
import io.lockstep.data.file.Embedded;
import io.lockstep.data.inspect.Inspection;
import io.lockstep.data.inspect.Inspector;
import io.lockstep.data.inspect.TableGuess;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.idx.EmbeddedSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep datasets}: what data there is, how to get it, and what a file holds. */
@Command(
    name = "datasets",
    description = "Lists, fetches and inspects data.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class DatasetsCommand implements Runnable {
  private static final int BAR = 32;
  private static final int MAX_CLASSES = 20;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  @Command(
      name = "list",
      description = "Lists the data sets that are known by name.",
      mixinStandardHelpOptions = true)
  void list() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Within Lockstep, nothing to fetch:");
    for (String name : EmbeddedSource.names()) {
      out.printf(
          Locale.ROOT,
          "  %-16s  every 6th training and every 5th test digit of MNIST; use {embedded: %s}%n",
          name,
          name);
    }
    for (Map.Entry<String, String> text : Embedded.texts().entrySet()) {
      out.printf(Locale.ROOT, "  %-16s  %s%n", text.getKey(), text.getValue());
    }
    out.println();
    out.println("To fetch with 'lockstep datasets fetch NAME':");
    for (DataSet set : Catalogue.all()) {
      out.printf(
          Locale.ROOT,
          "  %-16s  %s, %s%n",
          set.name(),
          set.description(),
          size(set.downloadBytes()));
      out.printf(Locale.ROOT, "  %-16s  %s, %s%n", "", set.origin(), set.licence());
    }
    out.flush();
  }

  @Command(
      name = "fetch",
      description = {
        "Fetches a data set and checks it by SHA-256.",
        "An interrupted fetch goes on where it stopped."
      },
      mixinStandardHelpOptions = true)
  void fetch(
      @Parameters(paramLabel = "NAME", description = "As 'lockstep datasets list' shows it.")
          String name,
      @Option(
              names = "--from",
              paramLabel = "URL-or-path",
              description = "Folder that holds the files: a URL, a local or a Hadoop path.")
          String from,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              description = "Folder to put them, local or Hadoop; default: data/NAME.")
          String to)
      throws IOException {
    DataSet set = Catalogue.named(name);
    String folder = to == null ? "data/" + name : to;
    PrintWriter out = spec.commandLine().getOut();
    var progress = new FetchProgress(Terminal.detect(), out);
    new Fetcher(Hadoop.settings(), Fetcher.Patience.standard(), progress)
        .fetch(set, Optional.ofNullable(from), folder);
    out.println();
    out.println("Use it in a plan:");
    out.print(set.plan(folder));
    out.flush();
  }

  @Command(
      name = "inspect",
      description = {
        "Shows what IDX, CSV and text files hold, plain or packed: shape, ranges, classes,"
            + " pictures.",
        "PATH is a file, a folder, or the name of an embedded set."
      },
      mixinStandardHelpOptions = true)
  void inspect(
      @Parameters(paramLabel = "PATH", description = "A local or Hadoop path, or mnist-10k.")
          String path,
      @Option(
              names = "--labels",
              paramLabel = "PATH",
              description = "IDX labels of IDX images; default: found as MNIST names its files.")
          String labels,
      @Option(
              names = "--delimiter",
              paramLabel = "CHAR",
              description = "Of a CSV file, 'tab' for a tab; default: found out.")
          String delimiter,
      @Option(
              names = "--header",
              negatable = true,
              description = "Whether a CSV file has a header; default: found out.")
          Boolean header,
      @Option(
              names = "--encoding",
              paramLabel = "NAME",
              description = "Of text that is no table, such as latin-1; default: utf-8.")
          String encoding,
      @Option(
              names = "--bad-records",
              paramLabel = "fail|skip",
              defaultValue = "fail",
              description =
                  "What becomes of rows and lines that cannot be read: an error at the first, or"
                      + " they are counted, and the first of them shown. Default: fail.")
          String badRecords,
      @Option(
              names = "--pictures",
              paramLabel = "N",
              defaultValue = "-1",
              description = "How many images to draw; default: as many as fit one row.")
          int pictures,
      @Option(
              names = "--plan",
              description = "Prints a finished plan for a table instead: ... --plan > plan.yaml.")
          boolean plan,
      @Option(
              names = "--target",
              paramLabel = "COLUMN",
              description =
                  "With --plan: what is to be learned; default: a column that is called so, such as"
                      + " label or class, or the last.")
          String target)
      throws IOException {
    if (plan) {
      PrintWriter yaml = spec.commandLine().getOut();
      TableGuess table = TableGuess.of(Hadoop.settings(), path);
      yaml.print(PlanProposal.of(table, Optional.ofNullable(target)).yaml());
      yaml.flush();
      return;
    }
    Terminal terminal = Terminal.detect();
    var hints =
        new Inspector.Hints(
            Optional.ofNullable(labels),
            Optional.ofNullable(delimiter).map(DatasetsCommand::character),
            Optional.ofNullable(header),
            Optional.ofNullable(encoding),
            BadRecordsOption.of(badRecords),
            pictures < 0 ? terminal.columns() / 8 : pictures);
    PrintWriter out = spec.commandLine().getOut();
    out.print(describe(new Inspector(Hadoop.settings(), hints).inspect(path), terminal, pictures));
    out.flush();
  }

  private static char character(String text) {
    if (text.equals("tab") || text.equals("\\t")) {
      return '\t';
    }
    if (text.length() != 1) {
      throw new InputException("--delimiter: one character or 'tab', not '" + text + "'.");
    }
    return text.charAt(0);
  }

  /**
   * Returns all that was found, as text.
   *
   * @param pictures how many to draw; negative for as many as fit one row
   */
  static String describe(List<Inspection> found, Terminal terminal, int pictures) {
    var text = new StringBuilder();
    for (Inspection inspection : found) {
      text.append(text.isEmpty() ? "" : "\n").append(inspection.path()).append('\n');
      if (inspection instanceof Inspection.Features features) {
        features(text, features, terminal, pictures);
      } else if (inspection instanceof Inspection.Answers answers) {
        fact(text, "format", "IDX, %s", answers.type());
        fact(text, "labels", "%,d", answers.count());
        histogram(text, answers.classes(), terminal);
      } else if (inspection instanceof Inspection.Table table) {
        table(text, table);
      } else if (inspection instanceof Inspection.Text running) {
        running(text, running, terminal);
      }
    }
    return text.toString();
  }

  private static void running(StringBuilder text, Inspection.Text found, Terminal terminal) {
    String word =
        switch (found.kind()) {
          case RUNNING -> "textWindows";
          case LINES -> "textLines";
          case DIRECTORY -> "textDirectory";
        };
    String of =
        switch (found.kind()) {
          case RUNNING -> "running text";
          case LINES -> "lines, a file for each class";
          case DIRECTORY -> "files, a folder for each class";
        };
    fact(text, "format", "text, %s: %s", found.encoding(), of);
    if (found.files() > 1) {
      fact(text, "files", "%,d", found.files());
    }
    fact(text, "lines", "%,d", found.lines());
    fact(
        text,
        "holds",
        "%,d words, %,d characters, %,d different ones",
        found.words(),
        found.characters(),
        found.different());
    String unit = found.kind() == Inspection.TextKind.DIRECTORY ? "file" : "line";
    fact(text, "longest", "a %s of %,d characters", unit, found.longest());
    fact(text, "in a plan", "{%s: {path: %s}}", word, found.path());
    skipped(text, found.skipped());
    found.classes().ifPresent(classes -> histogram(text, classes, terminal));
  }

  private static void skipped(StringBuilder text, SkippedRecords skipped) {
    if (skipped.total() == 0) {
      return;
    }
    fact(text, "skipped", "%,d: %s", skipped.total(), skipped.kinds());
    for (SkippedRecords.Place place : skipped.first()) {
      fact(text, "", "%s: %s", place.where(), place.message());
    }
  }

  private static void features(
      StringBuilder text, Inspection.Features features, Terminal terminal, int pictures) {
    List<Integer> dimensions = features.dimensions();
    fact(text, "format", "IDX, %s", features.type());
    fact(text, "examples", "%,d", dimensions.get(0));
    fact(
        text,
        "each",
        "%s",
        dimensions.stream().skip(1).map(String::valueOf).collect(Collectors.joining(" x ")));
    fact(
        text,
        "values",
        "%s to %s, mean %s",
        number(features.smallest()),
        number(features.largest()),
        number(features.mean()));
    fact(text, "labels", "%s", features.labelsPath().orElse("none found; name them with --labels"));
    features.classes().ifPresent(classes -> histogram(text, classes, terminal));
    Block first = features.first();
    if (TextPicture.canDraw(first.schema().inputs().get(0).shape()) && first.size() > 0) {
      gallery(text, features, terminal, pictures);
    }
  }

  /** Pictures side by side, as many in a row as the terminal is wide. */
  private static void gallery(
      StringBuilder text, Inspection.Features features, Terminal terminal, int pictures) {
    Block first = features.first();
    int width = TextPicture.of(first, 0, 0, 1).columns() + 2;
    int perRow = Math.max(1, terminal.columns() / width);
    int count = Math.min(first.size(), pictures < 0 ? perRow : pictures);
    for (int from = 0; from < count; from += perRow) {
      int to = Math.min(count, from + perRow);
      var captions = new StringBuilder();
      List<StringBuilder> lines = new ArrayList<>();
      for (int row = from; row < to; row++) {
        String caption =
            first.schema().labels().size() == 1
                ? "#" + first.id(row) + ": " + (int) first.values(1).at(row)
                : "#" + first.id(row);
        captions.append(padded(caption, width));
        TextPicture picture = TextPicture.of(first, row, features.smallest(), features.largest());
        List<String> drawn = picture.lines(terminal);
        for (int line = 0; line < drawn.size(); line++) {
          if (lines.size() <= line) {
            lines.add(new StringBuilder());
          }
          lines.get(line).append(drawn.get(line)).append("  ");
        }
      }
      text.append('\n').append(captions.toString().stripTrailing()).append('\n');
      lines.forEach(line -> text.append(line.toString().stripTrailing()).append('\n'));
    }
  }

  private static void histogram(
      StringBuilder text, Inspection.Histogram classes, Terminal terminal) {
    List<String> names = classes.names();
    fact(text, "classes", "%,d", names.size());
    long largest = classes.counts().stream().mapToLong(Long::longValue).max().orElse(1);
    int width = names.stream().limit(MAX_CLASSES).mapToInt(String::length).max().orElse(1);
    String block = terminal.unicode() ? "█" : "#";
    for (int i = 0; i < Math.min(MAX_CLASSES, names.size()); i++) {
      long count = classes.counts().get(i);
      text.append("    ")
          .append(padded(names.get(i), width))
          .append(String.format(Locale.ROOT, " %,9d ", count))
          .append(block.repeat((int) Math.ceil((double) BAR * count / largest)))
          .append('\n');
    }
    if (names.size() > MAX_CLASSES) {
      fact(text, "", "and %,d more", names.size() - MAX_CLASSES);
    }
  }

  private static void table(StringBuilder text, Inspection.Table table) {
    fact(
        text,
        "format",
        "CSV, delimiter %s, %s",
        table.delimiter() == '\t' ? "tab" : table.delimiter(),
        table.header() ? "with header" : "no header");
    fact(text, "examples", "%,d", table.rows());
    fact(text, "columns", "%,d", table.columns().size());
    skipped(text, table.skipped());
    int width = table.columns().stream().mapToInt(column -> column.name().length()).max().orElse(1);
    width = Math.min(Math.max(width, 6), 30);
    text.append(
        String.format(
            Locale.ROOT,
            "%n    %s %10s %10s %10s%n",
            padded("column", width),
            "smallest",
            "mean",
            "largest"));
    for (Inspection.Column column : table.columns()) {
      text.append("    ").append(padded(clipped(column.name(), width), width));
      text.append(
          column.numbers() == 0
              ? " ".repeat(33)
              : String.format(
                  Locale.ROOT,
                  " %10s %10s %10s",
                  number(column.smallest()),
                  number(column.mean()),
                  number(column.largest())));
      text.append(remark(column)).append('\n');
    }
  }

  /** What is worth knowing of a column: why it cannot be a feature, or that it may be a label. */
  private static String remark(Inspection.Column column) {
    List<String> remarks = new ArrayList<>();
    if (column.empty() > 0) {
      remarks.add(String.format(Locale.ROOT, "%,d empty", column.empty()));
    }
    if (column.texts() > 0 && column.numbers() > 0) {
      remarks.add(String.format(Locale.ROOT, "%,d not numbers", column.texts()));
    }
    if (column.values().isPresent()) {
      Inspection.Histogram values = column.values().get();
      List<String> shown = new ArrayList<>();
      for (int i = 0; i < Math.min(5, values.names().size()); i++) {
        shown.add(
            String.format(
                Locale.ROOT,
                "%s: %,d",
                clipped(values.names().get(i), 20),
                values.counts().get(i)));
      }
      remarks.add(String.join(", ", shown) + (values.names().size() > shown.size() ? ", ..." : ""));
    } else if (column.numbers() == 0) {
      remarks.add(
          column.mostWords() > 1
              ? String.format(Locale.ROOT, "text, at most %,d words", column.mostWords())
              : "text");
    }
    return remarks.isEmpty() ? "" : "  " + String.join("; ", remarks);
  }

  private static void fact(StringBuilder text, String name, String format, Object... values) {
    text.append("  ")
        .append(padded(name, 10))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String clipped(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "~";
  }

  /** A size as people say it. */
  static String size(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** One line per file; on a terminal it moves. */
  private static final class FetchProgress implements FetchListener {
    private static final String CLEAR = "\r\033[K";

    private final Terminal terminal;
    private final PrintWriter out;
    private long drawn;

    FetchProgress(Terminal terminal, PrintWriter out) {
      this.terminal = terminal;
      this.out = out;
    }

    @Override
    public void arrived(String file, long bytes, long total) {
      // A hundred kilobytes between two drawings: no clock needed, and no flicker.
      if (!terminal.interactive() || (bytes - drawn < 100_000 && bytes >= drawn)) {
        return;
      }
      drawn = bytes;
      String of = total > 0 ? " of " + size(total) : "";
      out.print(CLEAR + "  " + file + "  " + size(bytes) + of);
      out.flush();
    }

    @Override
    public void done(String file, Outcome outcome) {
      line(
          "  "
              + file
              + (outcome == Outcome.FETCHED
                  ? "  fetched, SHA-256 right"
                  : "  is there, SHA-256 right"));
    }

    @Override
    public void trouble(String what) {
      line("  " + what);
    }

    private void line(String text) {
      drawn = 0;
      out.println(terminal.interactive() ? CLEAR + text : text);
      out.flush();
    }
  }
}
