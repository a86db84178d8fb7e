package io.lockstep.spark;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.Shard;
import io.lockstep.train.Measuring;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Function2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * Measures a network on pieces of examples, one Spark task per piece.
 *
 * @param run of which it is a part
 * @param passage of the network's state
 */
record EvaluationTask(SharedRun<? extends Measuring> run, Passage passage)
    implements Function2<TaskContext, Iterator<Shard>, byte[]>, Serializable {
  /** Bytes of tallies that may wait for their turn on the driver. */
  private static final long WAITING_BYTES = 256L << 20;

  @Override
  public byte[] apply(TaskContext task, Iterator<Shard> partition) {
    Shard piece = Partitions.only(ScalaCollections.java(partition));
    return run.tools().evaluate(piece, run.start(passage).state()).encode();
  }

  /**
   * Runs the work; tallies are merged in the order of the pieces, each as soon as it is its turn.
   * Where tallies are large, so few pieces are measured at a time that those which wait fit.
   */
  EvaluationAccumulator measure(RDD<Shard> pieces, EvaluationSpec spec) {
    var measured = new EvaluationAccumulator(spec);
    int count = pieces.getNumPartitions();
    int together = (int) Math.max(1, WAITING_BYTES / mostBytes(spec));
    for (int from = 0; from < count; from += together) {
      measure(pieces, from, Math.min(count, from + together), measured);
    }
    return measured;
  }

  /** About the most that a tally takes: a matrix of classes, and a million scores. */
  private static long mostBytes(EvaluationSpec spec) {
    return spec.each().stream()
        .mapToLong(it -> 12L * it.width() * Math.min(it.width(), 1000) + (9L << 20))
        .sum();
  }

  private void measure(RDD<Shard> pieces, int from, int to, EvaluationAccumulator measured) {
    Map<Integer, byte[]> waiting = new TreeMap<>();
    int[] turn = {0};
    Jobs.run(
        "evaluating",
        () -> {
          pieces
              .sparkContext()
              .runJob(
                  pieces,
                  this,
                  Partitions.numbers(from, to),
                  (k, tally) -> {
                    waiting.put((int) k, tally);
                    while (waiting.containsKey(turn[0])) {
                      measured.merge(EvaluationAccumulator.decode(waiting.remove(turn[0]++)));
                    }
                    return BoxedUnit.UNIT;
                  },
                  ClassTag.apply(byte[].class));
          return turn;
        });
  }
}
