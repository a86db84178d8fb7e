package io.lockstep.cli;

import io.lockstep.app.RunStatus;
import io.lockstep.run.RunOwner;
import io.lockstep.run.RunProgress;
import io.lockstep.run.RunProgress.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status of a run for people. */
final class StatusLines {
  private StatusLines() {}

  /** All that is known, a line per topic. */
  static List<String> of(RunStatus status, Instant now) {
    RunProgress run = status.progress();
    var lines = new ArrayList<String>();
    lines.add("run      %s (%s)".formatted(status.directory(), status.plan().name()));
    lines.add("state    " + state(status));
    lines.add(
        String.format(
            Locale.ROOT,
            "trained  epoch %d of %d, %,d rounds, %,d of %,d examples (%s)%s",
            run.epoch() + 1,
            status.plan().training().epochs(),
            run.rounds(),
            run.examples(),
            status.total(),
            Pace.percent(share(status)).strip(),
            loss(run)));
    lines.add(
        "time     %s of training in %d session(s)%s"
            .formatted(Pace.duration(run.seconds()), run.sessions(), rate(status)));
    run.evaluations()
        .forEach(
            (split, measured) ->
                lines.add(
                    "measured after epoch %d, %s  %s"
                        .formatted(
                            measured.epoch() + 1, split, ResultTable.line(measured.result()))));
    status
        .sinceLast(now)
        .ifPresent(
            age ->
                lines.add("last event %s ago".formatted(Pace.duration(age.toMillis() / 1000.0))));
    if (run.state().isResumable()) {
      lines.add("resume it with   lockstep train --resume " + status.directory());
    }
    return lines;
  }

  /** Where a run is, in one line that changes with it. */
  static String line(RunStatus status) {
    RunProgress run = status.progress();
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  %s%s%s",
        run.epoch() + 1,
        status.plan().training().epochs(),
        Pace.percent(share(status)),
        loss(run).replace(",", " "),
        rate(status).replace(",", " "));
  }

  private static double share(RunStatus status) {
    return status.total() == 0 ? 0 : (double) status.progress().examples() / status.total();
  }

  private static String state(RunStatus status) {
    RunProgress run = status.progress();
    String word = run.state().word();
    if (!run.message().isEmpty()) {
      return word + ": " + run.message();
    }
    String who = run.owner().map(RunOwner::who).orElse("");
    if (run.state() == State.RUNNING) {
      return word + ": " + who;
    }
    if (run.state() == State.BROKEN_OFF) {
      return word + (who.isEmpty() ? ": nobody is at work on it" : ": dead is " + who);
    }
    return word;
  }

  private static String loss(RunProgress run) {
    return run.loss().isPresent()
        ? String.format(Locale.ROOT, ", loss %.4f", run.loss().getAsDouble())
        : "";
  }

  private static String rate(RunStatus status) {
    if (status.progress().rate().isEmpty()) {
      return "";
    }
    String rate =
        String.format(Locale.ROOT, ", %,.0f examples/s", status.progress().rate().getAsDouble());
    return status.secondsLeft().isPresent()
        ? rate + ", ETA " + Pace.duration(status.secondsLeft().getAsDouble())
        : rate;
  }
}
