package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ByIdTest {
  private static final int ROWS = 70_000;

  private static SparkSession session;

  @BeforeAll
  static void openSpark() {
    session =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
  }

  @AfterAll
  static void closeSpark() {
    session.stop();
  }

  @Test
  void partitionsAreTheSameHoweverRowsCome() {
    Dataset<Row> rising = session.range(ROWS).toDF("id");
    Dataset<Row> mixed =
        session.range(ROWS).select(functions.expr("69999 - id AS id")).repartition(7);

    List<List<Long>> parts = parts(ById.arranged(rising, "id"));

    assertThat(parts).hasSize(3).isEqualTo(parts(ById.arranged(mixed, "id")));
    assertThat(parts.stream().flatMap(List::stream))
        .containsExactlyElementsOf(IntStream.range(0, ROWS).mapToObj(i -> (long) i).toList());
    assertThat(parts).allSatisfy(part -> assertThat(part).hasSizeBetween(10_000, 40_000));
  }

  private static List<List<Long>> parts(Dataset<Row> rows) {
    List<List<Long>> parts = new ArrayList<>();
    for (List<Row> part : rows.javaRDD().glom().collect()) {
      parts.add(part.stream().map(row -> row.getLong(0)).toList());
    }
    return parts;
  }

  @Test
  void eachPartitionHasAMarkThatLeadsThere() {
    for (int partitions : new int[] {1, 2, 17, 4096}) {
      assertThat(Arrays.stream(ById.marks(partitions)).distinct()).hasSize(partitions);
    }
  }
}
