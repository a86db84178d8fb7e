package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the splits of a table found wrong, told all at once, with lines counted over whole files.
 */
public final class CsvProblems {
  private static final int SHOWN = 12;

  private final SourceLayout layout;
  private final List<SplitReport> reports;
  private final String unit;

  /**
   * @param unit that problems are counted in, such as {@code line}
   */
  public CsvProblems(SourceLayout layout, List<SplitReport> reports, String unit) {
    this.layout = layout;
    this.reports = reports;
    this.unit = unit;
  }

  /**
   * The layout to be read instead, if a split ended within quotes: then a line break in a value
   * stands at its edge, and the splits after it began in the midst of a row. The split before them
   * began rightly, by induction from the first; so the first open quote of a file tells.
   *
   * @return null if there is none
   */
  public ReadAgain readAgain() {
    Set<String> whole = new HashSet<>();
    for (int i = 0; i + 1 < reports.size(); i++) {
      String file = layout.splits().get(i).file();
      boolean last = !layout.splits().get(i + 1).file().equals(file);
      if (reports.get(i).openQuote().isPresent() && !last) {
        whole.add(file);
      }
    }
    if (whole.isEmpty()) {
      return null;
    }
    List<SourceSplit> splits = new ArrayList<>();
    for (int i = 0; i < layout.splits().size(); i++) {
      SourceSplit split = layout.splits().get(i);
      if (!whole.contains(split.file())) {
        splits.add(new SourceSplit(splits.size(), split.file(), split.from(), split.to()));
      } else if (split.from() == 0) {
        splits.add(new SourceSplit(splits.size(), split.file(), 0, end(split.file())));
      }
    }
    return new ReadAgain(
        layout.withSplits(splits),
        "%s: values hold line breaks, so one task reads it from beginning to end"
            .formatted(String.join(", ", whole)));
  }

  private long end(String file) {
    return layout.splits().stream()
        .filter(split -> split.file().equals(file))
        .mapToLong(SourceSplit::to)
        .max()
        .orElseThrow();
  }

  /**
   * Tells all that is wrong, the place of each first.
   *
   * @throws InputException if there is any
   */
  public void check() {
    Map<String, String> byColumn = new LinkedHashMap<>();
    Set<String> others = filesOfOtherColumns();
    long linesBefore = 0;
    for (int i = 0; i < reports.size(); i++) {
      SourceSplit split = layout.splits().get(i);
      linesBefore = split.from() == 0 ? 0 : linesBefore;
      SplitReport report = reports.get(i);
      long before = linesBefore;
      for (SplitReport.Problem problem : report.problems()) {
        if (others.contains(split.file()) && !isOtherHeader(problem)) {
          continue; // follows from its header
        }
        byColumn.putIfAbsent(problem.column(), text(split.file(), unit, before, problem));
      }
      if (report.openQuote().isPresent() && !others.contains(split.file())) {
        byColumn.putIfAbsent("", openQuote(split.file(), before + report.openQuote().getAsLong()));
      }
      linesBefore += report.lines();
    }
    if (byColumn.isEmpty()) {
      return;
    }
    List<String> all = List.copyOf(byColumn.values());
    if (all.size() == 1) {
      throw new InputException(all.get(0));
    }
    String shown = String.join("\n  ", all.subList(0, Math.min(SHOWN, all.size())));
    throw new InputException(
        "%d columns hold what cannot be used; the first place of each:%n  %s%s"
            .formatted(
                all.size(),
                shown,
                all.size() > SHOWN ? "\n  and %d more".formatted(all.size() - SHOWN) : ""));
  }

  private Set<String> filesOfOtherColumns() {
    Set<String> files = new HashSet<>();
    for (int i = 0; i < reports.size(); i++) {
      if (reports.get(i).problems().stream().anyMatch(CsvProblems::isOtherHeader)) {
        files.add(layout.splits().get(i).file());
      }
    }
    return files;
  }

  private static boolean isOtherHeader(SplitReport.Problem problem) {
    return problem.column().isEmpty() && problem.message().startsWith(CsvHeader.OTHER);
  }

  /** A problem with its place in the file. */
  public static String text(
      String file, String unit, long linesBefore, SplitReport.Problem problem) {
    String place =
        problem.line() == 0
            ? file
            : String.format(Locale.ROOT, "%s %s %,d", file, unit, linesBefore + problem.line());
    return problem.column().isEmpty()
        ? place + ": " + problem.message()
        : place + ": column " + problem.column() + ": " + problem.message();
  }

  public static String openQuote(String file, long line) {
    return "%s line %,d: a quote begins that is never closed. A quote within quotes is written twice."
        .formatted(file, line);
  }
}
