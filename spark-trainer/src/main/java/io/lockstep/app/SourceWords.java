package io.lockstep.app;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.plan.DataPlan;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places of data, as a person calls them. */
final class SourceWords {
  private SourceWords() {}

  static String of(DataPlan data) {
    return Stream.concat(Stream.of(data.train()), data.testSource().stream())
        .map(ExampleSource::name)
        .distinct()
        .collect(Collectors.joining(" and "));
  }
}
