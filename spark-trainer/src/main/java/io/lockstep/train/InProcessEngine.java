package io.lockstep.train;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Normalizer;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * One replica after the other in one thread of one JVM: the oracle that every other engine is
 * compared with.
 */
public final class InProcessEngine implements RoundsEngine {
  private final Workload workload;
  private final Configuration hadoop;
  private final Workbench workbench;
  private final Map<Part, List<ExampleBlock>> pieces = new EnumMap<>(Part.class);
  private final Normalizer normalizer;

  /** Reads the training part; the other parts are read when they are asked for. */
  public InProcessEngine(Workload workload, Configuration hadoop) {
    this.workload = workload;
    this.hadoop = hadoop;
    this.normalizer =
        Normalizers.of(workload.normalization(), () -> Normalizers.fit(pieces(Part.TRAINING)));
    this.workbench = new Workbench(workload, normalizer);
  }

  @Override
  public Normalizer normalizer() {
    return normalizer;
  }

  @Override
  public Workload workload() {
    return workload;
  }

  @Override
  public RoundResult round(RoundStart start, RoundRequest request) {
    var merge = new Merge();
    for (int k = 0; k < workload.replicas(); k++) {
      merge.add(workbench.round(pieces(Part.TRAINING).get(k), k, start, request));
    }
    return merge.result();
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    var measured = new EvaluationAccumulator(workload.evaluation());
    for (ExampleBlock piece : pieces(part)) {
      measured.merge(workbench.evaluate(piece, state));
    }
    return measured;
  }

  private List<ExampleBlock> pieces(Part part) {
    return pieces.computeIfAbsent(part, this::read);
  }

  private List<ExampleBlock> read(Part part) {
    List<ExampleBlock> blocks = new ArrayList<>();
    try {
      for (int k = 0; k < workload.replicas(); k++) {
        blocks.add(workload.examples().read(hadoop, part, k));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the " + part + " examples", e);
    }
    return blocks;
  }

  @Override
  public void close() {
    workbench.close();
  }
}
