package io.lockstep.train;

import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.table.Tables;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Dealt;
import io.lockstep.ingest.InMemory;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.util.function.LongToIntFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * One thread of this process.
 *
 * @param hadoop settings that files are opened with
 * @param tables opens tables that only an engine can read
 */
public record InProcessPlace(Configuration hadoop, Tables tables) implements Place {
  /** A place where all that is read can be read without an engine. */
  public InProcessPlace(Configuration hadoop) {
    this(hadoop, Tables.NONE);
  }

  @Override
  public InProcessData load(DataRequest request, IngestionWatch watch) throws IOException {
    try {
      return new InProcessData(ingestion(watch).run(request));
    } finally {
      tables.close(); // all of it is in memory
    }
  }

  @Override
  public InProcessData load(
      ExampleSource source, Preparation preparation, LongToIntFunction pieces, int lanes)
      throws IOException {
    try {
      return new InProcessData(
          ingestion(IngestionWatch.NONE).evaluated(source, preparation, pieces, lanes));
    } finally {
      tables.close();
    }
  }

  private Ingestion<InMemory.Pieces> ingestion(IngestionWatch watch) {
    return new Ingestion<>(new InMemory(hadoop, watch, tables));
  }

  @Override
  public void close() {
    // nothing was opened
  }

  /**
   * Data within this process.
   *
   * @param kept where it is
   */
  public record InProcessData(Ingestion.Kept<InMemory.Pieces> kept) implements LoadedData {
    @Override
    public Dealt dealt() {
      return kept.dealt();
    }

    @Override
    public Engine open(Workload workload) {
      return new InProcessEngine(workload, kept);
    }

    @Override
    public EvaluationAccumulator measure(EvaluationWork work, TrainingState state) {
      try (Evaluator evaluator = work.open()) {
        return InProcessEngine.measure(evaluator, work.spec(), kept, Part.TEST, state);
      }
    }

    /** A block of what {@code replica} trains. */
    public Block trained(int replica, int block) {
      return kept.train().shard(Part.TRAINING, replica).block(block);
    }

    @Override
    public void close() {
      kept.close();
    }
  }
}
