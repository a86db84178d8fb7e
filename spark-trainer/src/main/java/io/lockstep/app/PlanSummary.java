package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.source.table.Tables;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Dealt;
import io.lockstep.ingest.Survey;
import io.lockstep.model.NetworkSummary;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.spark.Engines;
import io.lockstep.train.Objective;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** What a plan comes to, without running it. */
public final class PlanSummary {
  private PlanSummary() {}

  /**
   * Looks at the data and describes it, what the network is trained for, and its layers; several
   * lines.
   *
   * @throws InputException if plan or data must be mended before they can be trained
   * @throws IOException if the file system fails
   */
  public static String layers(ResolvedPlan resolved, Configuration hadoop) throws IOException {
    try {
      return described(resolved, hadoop);
    } catch (InputException e) {
      throw resolved.origins().located(e);
    }
  }

  private static String described(ResolvedPlan resolved, Configuration hadoop) throws IOException {
    DataRequest request = PreparedRun.request(resolved.plan());
    try (Tables tables = Engines.tables()) {
      return described(
          resolved, request.with(tables.opened(request.train()), request.test()), hadoop);
    }
  }

  private static String described(ResolvedPlan resolved, DataRequest request, Configuration hadoop)
      throws IOException {
    Exchange data = Survey.exchange(request, hadoop);
    List<Long> classes = Survey.classCounts(data, request, hadoop);
    var dealt = new Dealt(data, Optional.empty(), request.windowBytes(), classes);
    PreparedRun run = PreparedRun.of(resolved, dealt, hadoop);
    OptionalInt vocabulary = run.input().vocabulary();
    var notes = new StringBuilder("\n");
    data.settled().notes().forEach(note -> notes.append(note).append('\n'));
    run.classWeights().ifPresent(note -> notes.append(note).append('\n'));
    data.settled().warnings().forEach(it -> notes.append("warning: ").append(it).append('\n'));
    return Survey.describe(data.settled())
        + (vocabulary.isPresent()
            ? String.format(Locale.ROOT, ", a vocabulary of %,d", vocabulary.getAsInt())
            : "")
        + notes
        + run.objectives().stream().map(Objective::described).collect(Collectors.joining("\n"))
        + "\n\n"
        + NetworkSummary.of(run.plan(), run.input(), data.labels(), run.origins());
  }
}
