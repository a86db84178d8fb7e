package io.lockstep.cli;

import io.lockstep.app.Sizing.Report;
import io.lockstep.app.Sizing.Row;
import io.lockstep.plan.TrainingPlan.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code lockstep plan} prints. */
final class SizingTable {
  private static final double LITTLE = 0.1;

  private SizingTable() {}

  static List<String> lines(Report report) {
    var lines = new ArrayList<String>();
    lines.addAll(figures(report));
    lines.add("");
    lines.addAll(table(report));
    lines.add("");
    lines.add(advice(report));
    lines.add(verdict(report));
    return lines;
  }

  private static List<String> figures(Report report) {
    var size = report.size();
    var training = report.plan().training();
    double bytes = size.travellingBytes();
    return List.of(
        text(
            "%s: %,d parameters, %s of state; %d replicas, minibatches of %d, localSteps %d",
            report.plan().name(),
            size.parameters(),
            mega((double) size.stateBytes()),
            size.replicas(),
            training.batch(),
            training.localSteps()),
        text(
            "  data     %,d examples, %s; an epoch is %,d minibatches of each replica in %,d"
                + " rounds",
            report.examples(),
            mega((double) size.dataBytes()),
            report.schedule().minibatches(0),
            report.schedule().rounds()),
        text(
            "  step     %.1f ms on one core of this machine, %,.0f examples/s (median of %,d)",
            report.step().seconds() * 1e3,
            training.batch() / report.step().seconds(),
            report.step().steps()),
        text(
            "  round    %s to each executor, %s back; with %.0f ms and %.0f MB/s of network"
                + " (assumed: --latency, --bandwidth) %.0f ms beside the steps",
            mega(bytes),
            mega(bytes * size.replicas()),
            report.cost().latencySeconds() * 1e3,
            report.cost().bytesPerSecond() / 1e6,
            report.fitting().roundSeconds() * 1e3),
        "  memory   " + report.memory());
  }

  private static List<String> table(Report report) {
    var lines = new ArrayList<String>();
    lines.add("  executors              an epoch   examples/s   rounds cost");
    lines.add(
        row(report, text("this machine, local[%d]", report.machine().cores()), report.machine()));
    for (Row each : report.clusters()) {
      int slots = each.executors() * report.executorCores();
      String idle = slots > report.size().replicas() ? " (some idle)" : "";
      lines.add(row(report, each.executors() + idle, each));
    }
    return lines;
  }

  private static String row(Report report, String name, Row row) {
    return text(
        "  %-22s %8s   %10s   %9.0f %%",
        name,
        duration(row.epochSeconds()),
        text("%,.0f", report.examples() / row.epochSeconds()),
        100 * row.share());
  }

  private static String advice(Report report) {
    int now = report.plan().training().localSteps();
    String where = "on " + executors(report.fitting().executors());
    String share =
        text("rounds cost %.0f %% of the time %s", 100 * report.fitting().share(), where);
    if (report.plan().training().mode() == Mode.GRADIENT) {
      return share + "; in gradient mode every step is a round: a larger batch makes them fewer";
    }
    if (report.fitting().share() <= LITTLE || report.localSteps() <= now) {
      return share + text(": localSteps %d is enough", now);
    }
    return share
        + text(
            "; localSteps: %d would make it %.0f %% (another plan, with another result)",
            report.localSteps(), 100 * report.shareThen());
  }

  private static String verdict(Report report) {
    Row best = report.best();
    if (report.oneMachineIsFaster()) {
      return text(
          "one machine is faster: local[%d] here takes %s an epoch, %s %s",
          report.machine().cores(),
          duration(report.machine().epochSeconds()),
          executors(best.executors()),
          duration(best.epochSeconds()));
    }
    return text(
        "%s: %s an epoch, %.1f times as fast as local[%d] here",
        executors(best.executors()),
        duration(best.epochSeconds()),
        report.machine().epochSeconds() / best.epochSeconds(),
        report.machine().cores());
  }

  private static String executors(int count) {
    return count == 1 ? "1 executor" : count + " executors";
  }

  private static String duration(double seconds) {
    return seconds < 10 ? text("%.1f s", seconds) : Pace.duration(seconds);
  }

  private static String mega(double bytes) {
    return text(bytes < 10e6 ? "%,.1f MB" : "%,.0f MB", bytes / 1e6);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
