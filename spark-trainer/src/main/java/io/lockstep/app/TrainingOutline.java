package io.lockstep.app;

import io.lockstep.plan.Plan;
import io.lockstep.train.Objective;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is about to be trained.
 *
 * @param plan as it will be recorded
 * @param directory of the run, as the user wrote it
 * @param trained examples of one epoch
 * @param validation examples held out
 * @param test examples of the test set, 0 without one
 * @param vocabulary different tokens of texts, empty if the data is no text
 * @param objectives what each output of the network is trained for, one or several
 */
public record TrainingOutline(
    Plan plan,
    String directory,
    long trained,
    long validation,
    long test,
    OptionalInt vocabulary,
    List<Objective> objectives) {
  public TrainingOutline {
    objectives = List.copyOf(objectives);
  }
}
