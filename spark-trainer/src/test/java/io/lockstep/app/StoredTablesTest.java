package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Spark reads, against CSV files with the same rows. */
class StoredTablesTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("age", DataTypes.DoubleType)
          .add("town", DataTypes.StringType)
          .add("member", DataTypes.BooleanType)
          .add("x", DataTypes.DoubleType)
          .add("side", DataTypes.StringType);

  private static final String SAID = "label: side, features: [age, town, member, x]";

  /** Rows of each file: Spark would take the second first. */
  private static final int[] FILES = {10, 60, 30};

  @TempDir private static Path folder;
  private static SparkSession session;
  private static final List<Row> ROWS = new ArrayList<>();

  @BeforeAll
  static void write() throws IOException {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    var random = new Random(7);
    for (long i = 0; i < 100; i++) {
      double x = random.nextGaussian();
      Double age = i % 7 == 3 ? null : 20 + 40 * random.nextDouble();
      String town = i % 11 == 5 ? null : List.of("Bonn", "Köln", "Ulm").get(random.nextInt(3));
      boolean member = random.nextBoolean();
      String side = x + (member ? 0.5 : -0.5) > 0 ? "right" : "left";
      ROWS.add(RowFactory.create(i, age, town, member, x, side));
    }
    Files.createDirectories(folder.resolve("csv"));
    int from = 0;
    for (int file = 0; file < FILES.length; file++) {
      List<Row> rows = ROWS.subList(from, from += FILES[file]);
      var text = new StringBuilder("id,age,town,member,x,side\n");
      for (Row row : rows) {
        text.append(row.get(0)).append(',').append(shown(row.get(1))).append(',');
        text.append(shown(row.get(2))).append(',').append(row.getBoolean(3) ? 1 : 0).append(',');
        text.append(row.get(4)).append(',').append(row.get(5)).append('\n');
      }
      Files.writeString(folder.resolve("csv/part-" + file + ".csv"), text);
      for (String format : List.of("parquet", "orc", "json")) {
        store(frame(rows), format, folder.resolve(format + "/part-" + file + "." + format));
      }
    }
  }

  @AfterAll
  static void closeSpark() {
    session.stop();
  }

  private static String shown(Object value) {
    return value == null ? "" : value.toString();
  }

  private static Dataset<Row> frame(List<Row> rows) {
    return session.createDataFrame(rows, SCHEMA);
  }

  /** Writes one file, since Spark writes folders. */
  private static void store(Dataset<Row> rows, String format, Path file) throws IOException {
    Path written = folder.resolve("written");
    rows.coalesce(1).write().format(format).mode(SaveMode.Overwrite).save(written.toString());
    Files.createDirectories(file.getParent());
    try (Stream<Path> files = Files.list(written)) {
      Path part =
          files
              .filter(it -> it.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.move(part, file);
    }
  }

  private static PlanBuilder plan(String source) {
    return PlanBuilder.named("stored")
        .train(source)
        .validation(0.2)
        .set("data.normalize", "standardize")
        .set(
            "data.columns",
            "[{number: [age], missing: median, indicator: true}, {category: [town], missing:"
                + " category}]")
        .layers("dense: {units: 4, activation: tanh}", "dense")
        .task("classification")
        .optimizer("adam: {learningRate: 0.05}")
        .replicas(2)
        .batch(8)
        .localSteps(2)
        .epochs(3);
  }

  /** A plan that says nothing of columns. */
  private static PlanBuilder plain(String source) {
    return PlanBuilder.named("plain")
        .train(source)
        .layers("dense")
        .task("classification")
        .optimizer("adam: {learningRate: 0.1}")
        .epochs(5);
  }

  private static TrainedModel trained(String name, String source) throws IOException {
    return trained(name, plan(source));
  }

  private static TrainedModel trained(String name, PlanBuilder plan) throws IOException {
    return Training.of(plan.build())
        .spark(session)
        .directory(folder.resolve("runs/" + name).toString())
        .overwrite()
        .run();
  }

  private static float[] weights(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
        .state()
        .parameters();
  }

  private static String files(String format) {
    return "%1$s: {path: %2$s/%1$s, %3$s}".formatted(format, folder, SAID);
  }

  @Test
  void parquetOrcAndJsonTrainAsCsvDoesWhereverTheyAreRead() throws IOException {
    float[] expected = weights(trained("csv", files("csv")));

    for (String format : List.of("parquet", "orc", "json")) {
      assertThat(weights(trained(format, files(format)))).as(format).isEqualTo(expected);
    }
    var here =
        Training.of(
                plan(files("parquet"))
                    .set("run.engine", "inProcess")
                    .directory(folder.resolve("runs/here").toString())
                    .build())
            .run();
    assertThat(weights(here)).isEqualTo(expected);
  }

  @Test
  void aModelOfAStoredTableMeasuresAndScoresOthers() throws IOException {
    TrainedModel model = trained("scoring", files("parquet"));
    String parquet = folder + "/parquet/part-1.parquet";
    String csv = folder + "/csv/part-1.csv";

    assertThat(model.evaluate(parquet).toJson()).isEqualTo(model.evaluate(csv).toJson());
    assertThat(model.evaluate(folder + "/parquet").metric("accuracy")).isGreaterThan(0.6);
    for (String data : List.of(parquet, csv)) {
      Scoring.of(model.directory())
          .data(data)
          .keep("id", "town")
          .spark(session)
          .overwrite()
          .write(folder + "/scores/" + data.substring(data.lastIndexOf('.')));
    }
    try (Stream<Path> lines = Files.list(folder.resolve("scores/.parquet"))) {
      assertThat(lines.filter(it -> it.toString().endsWith(".csv"))).hasSize(1);
    }
    assertThat(scored(".parquet")).hasSize(60).isEqualTo(scored(".csv"));
  }

  private static List<String> scored(String name) {
    return session
        .read()
        .option("header", true)
        .csv(folder + "/scores/" + name)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void withAnIdTheOrderOfRowsDecidesNothing() throws IOException {
    List<Row> shuffled = new ArrayList<>(ROWS);
    Collections.shuffle(shuffled, new Random(1));
    store(frame(shuffled.subList(0, 45)), "parquet", folder.resolve("mixed/b.parquet"));
    store(frame(shuffled.subList(45, 100)), "parquet", folder.resolve("mixed/a.parquet"));
    String known = "path: %s/%s, %s, id: id".formatted(folder, "%s", SAID);

    float[] ordered = weights(trained("ordered", "parquet: {" + known.formatted("parquet") + "}"));
    assertThat(weights(trained("mixed", "parquet: {" + known.formatted("mixed") + "}")))
        .isEqualTo(ordered);
    Dataset<Row> frame = frame(shuffled).repartition(5);
    TrainedModel inCode =
        Training.of(plan("given").build())
            .train(Examples.of(frame).label("side").features("age", "town", "member", "x").id("id"))
            .spark(session)
            .directory(folder.resolve("runs/code").toString())
            .run();
    assertThat(weights(inCode)).isEqualTo(ordered);

    frame(shuffled).write().mode(SaveMode.Overwrite).saveAsTable("customers");
    String table = "table: {name: customers, %s, id: id}".formatted(SAID);
    assertThat(weights(trained("table", table))).isEqualTo(ordered);
    String query = "query: {sql: 'SELECT * FROM customers ORDER BY x', %s%s}";
    assertThat(weights(trained("query", query.formatted(SAID, ", id: id")))).isEqualTo(ordered);
    assertRefused(query.formatted(SAID, ""), "in no order that could be repeated", "id:");
    assertThat(
            trained("plain", "query: {sql: 'SELECT * FROM customers', %s}".formatted(SAID)).file())
        .isPresent();

    List<Row> twice = new ArrayList<>(ROWS);
    twice.set(3, twice.get(2));
    store(frame(twice), "parquet", folder.resolve("twice.parquet"));
    assertRefused(
        "parquet: {path: %s/twice.parquet, %s, id: id}".formatted(folder, SAID),
        "column 'id': the id 2 comes twice");
  }

  @Test
  void structuresArraysAndVectorsAreFeatures() throws IOException {
    var nested =
        new StructType()
            .add("point", SQLDataTypes.VectorType())
            .add("who", new StructType().add("age", DataTypes.IntegerType))
            .add("marks", DataTypes.createArrayType(DataTypes.FloatType))
            .add("side", DataTypes.StringType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double x = i % 9 - 4;
      var point =
          i % 2 == 0 ? Vectors.dense(x, 0, 1) : Vectors.sparse(3, new int[] {0}, new double[] {x});
      rows.add(
          RowFactory.create(
              point, RowFactory.create(i), List.of(1f, (float) i), x > 0 ? "right" : "left"));
    }
    store(session.createDataFrame(rows, nested), "parquet", folder.resolve("nested.parquet"));
    String source = "parquet: {path: %s/nested.parquet, label: side, features: %s}";

    TrainedModel model =
        trained(
            "nested",
            plain(source.formatted(folder, "[who.age, point, marks]"))
                .set("data.normalize", "standardize"));
    assertThat(model.evaluate(folder + "/nested.parquet").metric("accuracy")).isGreaterThan(0.8);
    var card = ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration()).card();
    assertThat(card.shape()).containsExactly(6);
    assertRefused(
        source.formatted(folder, "[who]"), "column 'who' is a structure. Name its values: who.age");

    List<Row> broken = new ArrayList<>(rows);
    broken.set(
        7, RowFactory.create(Vectors.dense(1, 2), RowFactory.create(1), List.of(1f, 2f), "left"));
    store(session.createDataFrame(broken, nested), "parquet", folder.resolve("uneven.parquet"));
    assertRefused(
        plain(
            "parquet: {path: %s/uneven.parquet, label: side, features: [point]}".formatted(folder)),
        "row 8: column 'point': 2 values, where the first row has 3");
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    List<Row> broken = new ArrayList<>(ROWS.subList(0, 20));
    broken.set(4, RowFactory.create(4L, 30.0, "Bonn", true, null, "left"));
    broken.set(6, RowFactory.create(6L, 30.0, "Bonn", null, 1.0, null));
    store(frame(ROWS.subList(0, 10)), "parquet", folder.resolve("broken/a.parquet"));
    store(frame(broken), "parquet", folder.resolve("broken/b.parquet"));
    String source = "parquet: {path: %s/broken, %s}".formatted(folder, SAID);
    assertRefused(
        source,
        "data.train: 3 columns hold what cannot be used",
        "broken/b.parquet row 5: column 'x': null, where a number must be",
        "data.columns: [{number: ['x'], missing: median}]",
        "b.parquet row 7: column 'side': null, where a class must be");
    TrainedModel skipping =
        Training.of(plan(source).set("data.badRecords", "skip").build())
            .spark(session)
            .directory(folder + "/runs/skipping")
            .run();
    assertThat(skipping.events().toString()).contains("b.parquet").contains("\"records\":2");

    Files.createDirectories(folder.resolve("bad"));
    Path lines = folder.resolve("bad/lines.json");
    Files.writeString(
        lines,
        "{\"x\": 1, \"side\": \"left\"}\n{\"x\": 2, \"si\n{\"x\": 3, \"side\": \"right\"}\n");
    assertRefused(
        plain("json: {path: %s, label: side}".formatted(lines)),
        "lines.json row 2: '{\"x\": 2, \"si' is not one JSON object");
    assertRefused("orc: {path: %s/nowhere, label: y}".formatted(folder), "no such file or folder");
    assertRefused("orc: {path: %s/csv, label: y}".formatted(folder), "csv: is no orc file");
    assertRefused("table: {name: nowhere, label: y}", "nowhere: there is no such table or view");
    assertRefused("query: {sql: SELEKT 1, label: y}", "Mend the query");
    assertRefused("avro: {path: %s/csv, label: y}".formatted(folder), "spark-avro");

    byte[] whole = Files.readAllBytes(folder.resolve("parquet/part-1.parquet"));
    for (int i = 4; i < 600; i++) {
      whole[i] = 7;
    }
    Files.write(folder.resolve("bad/part.parquet"), whole);
    assertRefused(
        "parquet: {path: %s/bad/part.parquet, %s}".formatted(folder, SAID),
        "bad/part.parquet: cannot be read");
  }

  private static void assertRefused(String source, String... messages) {
    assertRefused(plan(source), messages);
  }

  private static void assertRefused(PlanBuilder plan, String... messages) {
    var refused =
        assertThatThrownBy(() -> trained("refused", plan)).isInstanceOf(InputException.class);
    for (String message : messages) {
      refused.hasMessageContaining(message);
    }
    assertThat(folder.resolve("runs/refused")).doesNotExist();
  }
}
