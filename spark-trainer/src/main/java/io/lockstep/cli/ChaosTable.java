package io.lockstep.cli;

import io.lockstep.app.ChaosReport;
import io.lockstep.app.ChaosReport.Injury;
import io.lockstep.app.ChaosReport.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code lockstep chaos} ends with. */
final class ChaosTable {
  private ChaosTable() {}

  static List<String> lines(ChaosReport report) {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("round  fault   replica      lost  seen");
    report.injuries().forEach(each -> lines.add(row(each)));
    lines.add("");
    lines.add(run("undisturbed", report.undisturbed()));
    report.disturbed().ifPresent(it -> lines.add(run("disturbed", it)));
    report.failure().ifPresent(it -> lines.add("disturbed    FAILED: " + it));
    report
        .disturbed()
        .ifPresent(it -> lines.addAll(List.of(bits(report), "ledger       " + ledger(report))));
    long missed = report.injuries().stream().filter(it -> it.seen().isEmpty()).count();
    if (missed > 0) {
      lines.add("%d of %d faults never happened".formatted(missed, report.injuries().size()));
    }
    lines.add(report.isExact() ? "exact: the faults changed nothing" : "NOT exact");
    return lines;
  }

  private static String row(Injury each) {
    return text(
        "%5d  %-6s  %7d  %8s  %s",
        each.round() + 1,
        each.fault().word(),
        each.replica(),
        each.seen().isPresent() ? text("%.2f s", each.lostSeconds()) : "-",
        each.seen().orElse("never happened"));
  }

  private static String run(String name, Run run) {
    return text(
        "%-11s  %,d rounds in %.1f s  %s", name, run.rounds(), run.seconds(), run.directory());
  }

  private static String bits(ChaosReport report) {
    String first = report.undisturbed().weights();
    return report.sameBits()
        ? "bits         the same: SHA-256 of the weights " + first
        : "bits         DIFFER: SHA-256 of the weights %s, disturbed %s"
            .formatted(first, report.disturbed().orElseThrow().weights());
  }

  private static String ledger(ChaosReport report) {
    var first = report.undisturbed().ledger();
    var second = report.disturbed().orElseThrow().ledger();
    return report.ledgersExact()
        ? text(
            "exact: each of %,d examples once in each of %,d epochs, in both runs",
            second.examples(), second.completeEpochs())
        : String.valueOf(first.isExact() ? second : first);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
