package io.lockstep.app;

import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.ingest.Survey;
import io.lockstep.model.NetworkBuilder;
import io.lockstep.model.NetworkInput;
import io.lockstep.model.NetworkSummary;
import io.lockstep.plan.Plan;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/** What a plan comes to, without running it. */
public final class PlanSummary {
  private PlanSummary() {}

  /** Looks at the data and describes it and the network's layers, several lines. */
  public static String layers(ResolvedPlan resolved, Configuration hadoop) throws IOException {
    Plan plan = NetworkBuilder.embed(resolved.plan(), hadoop);
    Exchange data = Survey.exchange(PreparedRun.request(plan), hadoop);
    OptionalInt vocabulary = data.vocabulary().stream().mapToInt(Vocabulary::size).findFirst();
    NetworkInput input = NetworkInput.of(data.schema(), vocabulary);
    return Survey.describe(data.settled())
        + (vocabulary.isPresent()
            ? String.format(Locale.ROOT, ", a vocabulary of %,d", vocabulary.getAsInt())
            : "")
        + "\n\n"
        + NetworkSummary.of(plan, input, data.labels(), resolved.origins());
  }
}
