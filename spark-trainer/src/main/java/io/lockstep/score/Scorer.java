package io.lockstep.score;

import io.lockstep.data.InputException;
import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Block;
import io.lockstep.model.Replica;
import io.lockstep.model.Replica.Scored;
import io.lockstep.train.NetworkPool;
import java.util.ArrayList;
import java.util.List;

/**
 * What one JVM keeps to score examples: networks that hold the model's parameters, as many as ever
 * worked at once. Thread-safe.
 */
public final class Scorer implements AutoCloseable {
  private final ScoringWork work;
  private final ScoreTable table;
  private final NetworkPool networks;

  Scorer(ScoringWork work, NetworkPool networks) {
    this.work = work;
    this.networks = networks;
    table = new ScoreTable(work.outputs(), work.wanted());
  }

  /**
   * Scores a block.
   *
   * @param raw as its reader made it
   * @param passed through of each example; where a source has nothing, its number
   * @return a row for each example: what is passed through, then the scores
   * @throws InputException if the network puts out what is no number
   */
  public List<Object[]> score(Block raw, List<Object[]> passed) {
    Block block = work.prepared().of(raw);
    return networks.with(network -> rows(network, block, passed));
  }

  private List<Object[]> rows(Replica network, Block block, List<Object[]> passed) {
    Batcher batcher = work.feeding().batcher();
    List<Object[]> rows = new ArrayList<>(block.size());
    for (int from = 0; from < block.size(); from += work.batch()) {
      int to = Math.min(block.size(), from + work.batch());
      List<Scored> scored =
          network.score(batcher.assemble(block, from, to), work.outputs().names());
      for (int output = 0; output < scored.size(); output++) {
        Scored own = scored.get(output);
        check(own.values());
        work.targets(output).ifPresent(it -> it.revert(own.values(), rowsOf(own)));
      }
      for (int i = from; i < to; i++) {
        Object[] before = passed.get(i);
        Object[] row = new Object[before.length + table.columns().size()];
        System.arraycopy(before, 0, row, 0, before.length);
        table.fill(scored, i - from, row, before.length);
        rows.add(row);
      }
    }
    return rows;
  }

  private static int rowsOf(Scored scored) {
    return scored.starts()[scored.starts().length - 1];
  }

  private static void check(float[] values) {
    for (float value : values) {
      if (Float.isNaN(value)) {
        throw new InputException(
            "the network puts out NaN: it has diverged in training (train it again with a smaller"
                + " learning rate), or an example has values far from those of training");
      }
    }
  }

  @Override
  public void close() {
    networks.close();
  }
}
