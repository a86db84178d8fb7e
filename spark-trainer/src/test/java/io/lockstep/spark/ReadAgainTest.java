package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.order.Deal;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.ingest.Site;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A partition that is computed again, after what was kept of it is lost, must give its rows again.
 */
class ReadAgainTest {
  /** How often a partition was computed; the tasks run in this JVM. */
  private static final AtomicInteger COMPUTED = new AtomicInteger();

  private JavaSparkContext spark;
  private SparkSite site;

  @BeforeEach
  void open() {
    COMPUTED.set(0);
    spark =
        new JavaSparkContext(
            new SparkConf(false)
                .setMaster("local[1]")
                .setAppName("again")
                .set("spark.ui.enabled", "false"));
    site = new SparkSite(spark, new Configuration(false), IngestionWatch.NONE);
  }

  @AfterEach
  void close() {
    spark.close();
  }

  private static Iterator<Integer> sorted(Iterator<Integer> rows) {
    COMPUTED.incrementAndGet();
    return rows;
  }

  private static Iterator<Integer> reversedTheSecondTime(Iterator<Integer> rows) {
    List<Integer> list = new ArrayList<>();
    rows.forEachRemaining(list::add);
    if (COMPUTED.getAndIncrement() > 0) {
      Collections.reverse(list);
    }
    return list.iterator();
  }

  private Site.Raw<SparkPieces> readAndLost(JavaRDD<Integer> numbers) {
    RddSource<Integer> source =
        RddSource.of(numbers, List.of("x", "y"), List.of(), (row, column) -> (double) row)
            .named("numbers")
            .targets("y");
    SourceLayout layout = source.layout(site.hadoop());
    Site.Raw<SparkPieces> raw = site.read(source, layout);
    settled = (Settled) source.settle(layout, raw.reports());
    spark.getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
    return raw;
  }

  private Settled settled;

  private SparkPieces dealt(Site.Raw<SparkPieces> raw) {
    Deal deal = Deal.training(settled.examples(), 0, 2, 7);
    return raw.exchange(new Exchange(settled, deal, new Normalizer.Identity(), 16));
  }

  @Test
  void theSameRowsGoOn() {
    JavaRDD<Integer> numbers =
        spark.parallelize(List.of(1, 2, 3, 4, 5, 6), 1).mapPartitions(ReadAgainTest::sorted, true);
    Site.Raw<SparkPieces> raw = readAndLost(numbers);
    assertThat(dealt(raw).shards(io.lockstep.data.order.Part.TRAINING).getNumPartitions())
        .isEqualTo(2);
    assertThat(COMPUTED).hasValue(2);
  }

  @Test
  void rowsInAnotherOrderAreNoticed() {
    JavaRDD<Integer> numbers =
        spark
            .parallelize(List.of(1, 2, 3, 4, 5, 6), 1)
            .mapPartitions(ReadAgainTest::reversedTheSecondTime, true);
    Site.Raw<SparkPieces> raw = readAndLost(numbers);
    assertThatThrownBy(() -> dealt(raw))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("numbers partition 0 gave other examples when it was read again")
        .hasMessageContaining("sort it by a unique key");
  }
}
