package io.lockstep.train;

import io.lockstep.data.Labels;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Metric;
import io.lockstep.plan.LossPlan;
import io.lockstep.plan.TaskPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one output of a network is trained for.
 *
 * @param output its name; empty if the network has no other
 * @param task of it
 * @param labels that it learns
 * @param loss that training makes smaller; empty where a plan has no word for it
 * @param measured what evaluations measure of it
 */
public record Objective(
    String output, TaskPlan task, Labels labels, Optional<LossPlan> loss, EvaluationSpec measured) {
  /** In a line: the task, how many labels, the loss and the metrics. */
  public String described() {
    List<String> metrics =
        measured.metrics().stream()
            .filter(it -> it != Metric.LOSS && it.ofTheNetwork())
            .map(Metric::word)
            .toList();
    return "%stask %s (%s), loss %s, measured by %s%s"
        .formatted(
            output.isEmpty() ? "" : output + ": ",
            task.word(),
            extent(),
            loss.map(LossPlan::word).orElse("of its own"),
            String.join(", ", metrics),
            measured.metrics().contains(Metric.NAIVE_MAE) ? ", beside the naive forecast" : "");
  }

  private String extent() {
    int width = labels.width();
    if (!(labels instanceof Labels.Classes)) {
      return counted(width, "number");
    }
    String count = counted(width, task == TaskPlan.LANGUAGE_MODEL ? "token" : "class");
    return measured.width() == width ? count : count + " by one output";
  }

  private static String counted(int count, String what) {
    String plural = what.endsWith("s") ? "es" : "s";
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : plural);
  }
}
