package io.lockstep.train;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is measured of a network, as it follows from its outputs and their labels. */
final class Measured {
  private Measured() {}

  /**
   * The specification.
   *
   * @param schema of the examples; with references where they are windows of series
   * @param labels of each output
   * @param outputs values of each output
   * @param nextToken whether the only output foretells the tokens of a text
   * @param topK k of top-k accuracy, 1 for none; of several outputs that of all with so many
   *     classes
   * @param threshold above which the output for the second of two classes is a yes; NaN for the
   *     usual
   * @param unfit what to throw where no output has so many classes
   */
  static EvaluationSpec of(
      Schema schema,
      Labels labels,
      List<Integer> outputs,
      boolean nextToken,
      int topK,
      float threshold,
      Function<EvaluationSpec, RuntimeException> unfit) {
    List<EvaluationSpec> each = new ArrayList<>();
    for (Labels own : labels.each()) {
      int width = own.widthFor(outputs.get(each.size()));
      Task task = schema.references().isEmpty() ? Task.of(own, width, nextToken) : Task.FORECAST;
      boolean ranked = topK > 1 && task.hasClasses() && topK <= width;
      each.add(new EvaluationSpec(task, width, ranked ? topK : 1));
    }
    if (topK > 1 && each.stream().noneMatch(spec -> spec.topK() == topK)) {
      throw unfit.apply(each.get(0));
    }
    if (!(labels instanceof Labels.Several)) {
      EvaluationSpec only = each.get(0);
      return only.isYesNo() ? only.withThreshold(threshold) : only;
    }
    List<String> names = schema.labels().stream().map(Field::name).toList();
    List<EvaluationSpec.Output> all = new ArrayList<>();
    for (EvaluationSpec spec : each) {
      all.add(new EvaluationSpec.Output(names.get(all.size()), spec));
    }
    return EvaluationSpec.of(all);
  }
}
