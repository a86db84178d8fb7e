package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * The place in a plan of examples that a program hands over when it trains, such as a data set on
 * Spark. A run directory remembers their name and the hash of their content, and nothing else.
 *
 * @param name by which the program calls them
 */
public record GivenSource(String name) implements ExampleSource {
  private static final long serialVersionUID = 1L;

  @Override
  public SourceLayout layout(Configuration hadoop) {
    throw missing();
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) {
    throw missing();
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    throw missing();
  }

  @Override
  public ExampleSource like(Labels labels, List<String> columns) {
    return this;
  }

  @Override
  public ExampleSource masked(double value) {
    return this;
  }

  private InputException missing() {
    return new InputException(
        "'%s' is given by a program, which nobody did here. In Java: Training.train and Training.test; else name a file."
            .formatted(name));
  }
}
