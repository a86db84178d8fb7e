package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReport;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The splits of what is to be scored, as data of Spark: a partition for each.
 *
 * @param scoring whose splits they are
 * @param hadoop settings that files are opened with
 */
record ScoredSplits(
    JavaSparkContext spark, ModelScoring scoring, Broadcast<SerializableConfiguration> hadoop) {
  /**
   * A row for each example: what is passed through, then the scores.
   *
   * @param run that holds the model in each JVM
   * @param reports takes what each split reports
   */
  JavaRDD<Object[]> rows(SharedRun<Scorer> run, ReportsBySplit reports) {
    SourceLayout layout = scoring.layout();
    var task = new ScoringTask(run, scoring.source(), layout, scoring.numbered(), hadoop, reports);
    return scoring.source() instanceof RddSource<?> given
        ? given.scored(layout, task)
        : all().flatMap(task);
  }

  /**
   * Reads all splits for what they report.
   *
   * @throws InputException if the data must be mended
   */
  Settlement settled(IngestionWatch watch) {
    SourceLayout layout = scoring.layout();
    JavaRDD<byte[]> reports =
        scoring.source() instanceof RddSource<?> given
            ? given.reports(layout)
            : all().map(new ReportTask(scoring.source(), layout, hadoop));
    return scoring
        .source()
        .settle(
            layout,
            Jobs.watched(spark, "looking for what is wrong", reports::collectAsync, watch).stream()
                .map(SplitReport::decode)
                .toList());
  }

  /**
   * The records that are left out, from the splits that have some.
   *
   * @param reports of all splits
   */
  JavaRDD<Object[]> skipped(List<SplitReport> reports) {
    ModelScoring left = scoring.keepingSkipped();
    SourceLayout layout = left.layout();
    List<Integer> splits = new ArrayList<>();
    long[] before = new long[layout.splits().size()];
    long lines = 0;
    for (int split = 0; split < before.length; split++) {
      lines = layout.splits().get(split).from() == 0 ? 0 : lines;
      before[split] = lines;
      lines += reports.get(split).lines();
      if (reports.get(split).skipped().total() > 0) {
        splits.add(split);
      }
    }
    var task = new SkippedTask(left.source(), layout, hadoop, before);
    if (left.source() instanceof RddSource<?> given) {
      return given.skipped(layout, task);
    }
    return spark.parallelize(splits, Math.max(1, splits.size())).flatMap(task);
  }

  private JavaRDD<Integer> all() {
    int splits = scoring.layout().splits().size();
    return spark.parallelize(IntStream.range(0, splits).boxed().toList(), splits);
  }
}
