package io.lockstep.model;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.text.TextOptions;
import io.lockstep.plan.TaskPlan;
import java.util.ArrayList;
import java.util.List;

/** What can be learned of data: a source has classes, numbers, running text or series. */
public final class TaskOfData {
  private TaskOfData() {}

  /** The task of each output, in the order of the data. */
  public static List<TaskPlan> of(Exchange data) {
    List<TaskPlan> tasks = new ArrayList<>();
    for (Labels labels : data.labels().each()) {
      tasks.add(of(data, data.schema().labels().get(tasks.size()), labels));
    }
    return tasks;
  }

  private static TaskPlan of(Exchange data, Field field, Labels labels) {
    var layout = data.settled().layout();
    if (layout.series().isPresent()) {
      return TaskPlan.FORECASTING;
    }
    if (layout.text().map(it -> it.options()).filter(TextOptions::nextToken).isPresent()) {
      return TaskPlan.LANGUAGE_MODEL;
    }
    if (labels instanceof Labels.Targets) {
      return TaskPlan.REGRESSION;
    }
    if (field.sequence()) {
      return TaskPlan.SEQUENCE_LABELLING;
    }
    return areSequences(data.schema()) ? TaskPlan.SEQUENCE_CLASSIFICATION : TaskPlan.CLASSIFICATION;
  }

  /** Whether an example is time steps and nothing else, be they as many in each or not. */
  private static boolean areSequences(Schema schema) {
    return schema.inputs().stream().allMatch(it -> it.sequence() || it.shape().size() == 2);
  }

  /** Whether a plan may call by {@code said} what its data calls {@code task}. */
  static boolean isIn(TaskPlan said, TaskPlan task) {
    return said == task
        || (said == TaskPlan.CLASSIFICATION && task == TaskPlan.SEQUENCE_CLASSIFICATION)
        || (said == TaskPlan.REGRESSION && task == TaskPlan.FORECASTING);
  }

  /** How data is given that has the task {@code said}, for a message. */
  static String remedy(TaskPlan said) {
    return switch (said) {
      case CLASSIFICATION -> "name the column of classes under label";
      case REGRESSION -> "name the columns of numbers under targets";
      case LANGUAGE_MODEL -> "read running text with textWindows";
      case SEQUENCE_CLASSIFICATION ->
          "give the examples time steps: texts, sequences, a table with shape: [time, features]";
      case SEQUENCE_LABELLING -> "read sequences with a label and per: step";
      case FORECASTING -> "read the table with series";
    };
  }
}
