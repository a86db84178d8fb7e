package io.lockstep.ingest;

import io.lockstep.data.Labels;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** Looks what a source holds, and keeps nothing of it. */
public final class Survey {
  private Survey() {}

  /**
   * Reads all of a source in this thread, some MiB at a time.
   *
   * @throws io.lockstep.data.InputException if the data must be mended
   * @throws IOException if the file system fails
   */
  public static Settled of(ExampleSource source, Configuration hadoop) throws IOException {
    Settlement settlement = read(source, source.layout(hadoop), hadoop);
    while (settlement instanceof ReadAgain again) {
      settlement = read(source, again.layout(), hadoop);
    }
    return (Settled) settlement;
  }

  private static Settlement read(ExampleSource source, SourceLayout layout, Configuration hadoop)
      throws IOException {
    List<SplitReport> reports = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      try (SplitReader reader = source.open(hadoop, layout, split)) {
        while (reader.next().isPresent()) {
          // only the report is wanted
        }
        reports.add(reader.report());
      }
    }
    return source.settle(layout, reports);
  }

  /** A settled source in a line. */
  public static String describe(Settled source) {
    return String.format(
        Locale.ROOT,
        "%,d examples, features %s %s, %,d %s%s",
        source.examples(),
        source.shape(),
        source.schema().inputs().get(0).type().name().toLowerCase(Locale.ROOT),
        source.labels().width(),
        source.labels() instanceof Labels.Classes ? "classes" : "target(s)",
        source.schema().weighted() ? ", with weights" : "");
  }
}
