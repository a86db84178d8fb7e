package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.score.Scorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Scores the examples of a split, one block at a time: no more than a block is ever held.
 *
 * @param run that it is part of
 * @param source of the examples
 * @param layout that the split is of
 * @param numbered whether examples are known by their numbers alone
 * @param hadoop the driver's settings, so that executors read alike
 * @param reports takes the split's report once it is read
 */
record ScoringTask(
    SharedRun<Scorer> run,
    ExampleSource source,
    SourceLayout layout,
    boolean numbered,
    Broadcast<SerializableConfiguration> hadoop,
    ReportsBySplit reports)
    implements FlatMapFunction<Integer, Object[]> {
  @Override
  public Iterator<Object[]> call(Integer number) throws IOException {
    SourceSplit split = layout.splits().get(number);
    return rows(split, source.open(hadoop.value().value(), layout, split));
  }

  /** The rows of what {@code reader} reads, which is closed with the task. */
  Iterator<Object[]> rows(SourceSplit split, SplitReader reader) {
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              try {
                reader.close();
              } catch (IOException e) {
                throw new UncheckedIOException("closing a split", e);
              }
            });
    return new Rows(split, reader, run.tools());
  }

  private final class Rows implements Iterator<Object[]> {
    private final SourceSplit split;
    private final SplitReader reader;
    private final Scorer scorer;
    private Iterator<Object[]> scored = List.<Object[]>of().iterator();
    private boolean ended;

    Rows(SourceSplit split, SplitReader reader, Scorer scorer) {
      this.split = split;
      this.reader = reader;
      this.scorer = scorer;
    }

    @Override
    public boolean hasNext() {
      while (!scored.hasNext() && !ended) {
        block();
      }
      return scored.hasNext();
    }

    @Override
    public Object[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return scored.next();
    }

    private void block() {
      Optional<Block> block;
      try {
        block = reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      if (block.isPresent()) {
        scored = scorer.score(block.get(), passed(block.get())).iterator();
        return;
      }
      SplitReport report = reader.report();
      boolean goesOn = report.openQuote().isPresent(); // behind the end of the split
      if (goesOn || !report.problems().isEmpty()) {
        throw new UnusableSplitException(
            goesOn ? split.file() + " ends within quotes" : report.problems().get(0).message());
      }
      reports.add(Map.entry(split.index(), report.encode()));
      ended = true;
    }

    private List<Object[]> passed(Block block) {
      if (!numbered) {
        return reader.passed();
      }
      List<Object[]> numbers = new ArrayList<>(block.size());
      for (int row = 0; row < block.size(); row++) {
        numbers.add(new Object[] {split.from() + block.id(row)});
      }
      return numbers;
    }
  }
}
